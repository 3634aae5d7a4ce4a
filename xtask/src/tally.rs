//! Reads the summary lines of the test runners.

/// What a runner's output says about its tests.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    /// The runner's own summary lines.
    pub(crate) lines: Vec<String>,
}

/// Adds up the summaries of nextest, of Rust's own runner and of Playwright in `output`.
pub(crate) fn read(output: &str) -> Tally {
    let mut tally = Tally::default();
    for line in output.lines() {
        let text = line.trim();
        let counts = if text.starts_with("Summary [") && text.contains("tests run:") {
            // Summary [   0.1s] 12 tests run: 11 passed (1 slow), 1 failed, 1 timed out, 0 skipped
            Some((count(text, "passed"), count(text, "failed") + count(text, "timed")))
        } else if text.starts_with("test result:") {
            // test result: ok. 3 passed; 0 failed; 0 ignored; …
            Some((count(text, "passed"), count(text, "failed")))
        } else if is_playwright(text) {
            // 5 passed (12.3s) / 1 failed / 2 flaky / 1 interrupted
            Some((
                count(text, "passed") + count(text, "flaky"),
                count(text, "failed") + count(text, "interrupted"),
            ))
        } else {
            None
        };
        if let Some((passed, failed)) = counts {
            tally.passed += passed;
            tally.failed += failed;
            // Crates without tests of a sort print a line of zeros each.
            if passed + failed > 0 || !text.starts_with("test result:") {
                tally.lines.push(text.to_owned());
            }
        }
    }
    tally
}

/// The number before a word.
fn count(text: &str, word: &str) -> u64 {
    let words: Vec<_> = text.split_whitespace().collect();
    words
        .windows(2)
        .filter(|pair| pair.last().is_some_and(|last| last.trim_matches([',', ';']) == word))
        .filter_map(|pair| pair.first()?.parse::<u64>().ok())
        .sum()
}

fn is_playwright(text: &str) -> bool {
    let mut words = text.split(' ');
    let number =
        words.next().is_some_and(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()));
    let state = words.next();
    number
        && matches!(state, Some("passed" | "failed" | "flaky" | "interrupted"))
        && words.next().is_none_or(|time| time.starts_with('('))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_of_every_runner_are_added_up() {
        let output = "\
     Summary [   0.310s] 41 tests run: 38 passed (2 slow), 2 failed, 1 timed out, 3 skipped
test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
test result: FAILED. 4 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s
  1 failed
    [chromium] › walk.spec.ts:3:1 › walk ─────
  1 flaky
  6 passed (12.3s)
";
        let tally = read(output);
        assert_eq!((tally.passed, tally.failed), (38 + 4 + 1 + 6, 3 + 1 + 1));
        assert_eq!(tally.lines.len(), 5);
    }

    #[test]
    fn other_lines_do_not_count() {
        let tally = read("3 passed away\nrunning 5 tests\ntest a ... FAILED\n12 passed tests (x)\npassed\n");
        assert_eq!(tally, Tally::default());
    }
}
