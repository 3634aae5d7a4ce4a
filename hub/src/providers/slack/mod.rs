//! Slack: Web API, Events API, interactivity, OAuth v2. Facts: slack.md.
