// The routing decision of the product, rule by rule (shared/src/routing.rs).

export type Decision = "deliver" | "hold" | "skip";

export interface Facts {
  channel: string;
  integration: string;
  rule: boolean;
  preference: boolean;
  channelOn: boolean;
  address: string | null;
}

export interface Notice {
  urgency: number;
  mandatory: boolean;
  usable: boolean;
  scheduled: boolean;
}

export interface Decided {
  channel: string;
  integration: string;
  decision: Decision;
  reason: string;
}

export function decide(notice: Notice, channels: Facts[]): Decided[] {
  const decided = channels.map((facts) => decideOne(notice, facts));
  const mustArrive = notice.urgency === 0 || notice.mandatory;
  if (mustArrive && decided.every((one) => one.decision === "skip")) {
    for (const one of decided) {
      if (one.reason === "preference_off" || one.reason === "channel_off") {
        one.decision = notice.scheduled ? "hold" : "deliver";
        one.reason = "at_least_one";
      }
    }
  }
  return decided;
}

function decideOne(notice: Notice, facts: Facts): Decided {
  const { channel, integration } = facts;
  const as = (decision: Decision, reason: string): Decided => ({ channel, integration, decision, reason });
  if (!notice.usable) return as("skip", "member_not_usable");
  if (facts.address === null) return as("skip", "no_address");
  if (facts.address === "blocked") return as("skip", "address_blocked");
  if (facts.address === "broken") return as("skip", "address_broken");
  if (!facts.rule) return as("skip", "rule_off");
  if (!facts.channelOn) return as("skip", "channel_off");
  if (!facts.preference && !notice.mandatory) return as("skip", "preference_off");
  if (notice.scheduled) return as("hold", "scheduled");
  return as("deliver", facts.preference ? "allowed" : "mandatory");
}
