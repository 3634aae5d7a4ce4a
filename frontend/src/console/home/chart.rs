//! The chart of the last days: a bar for each, stacked by how its deliveries ended. Geometry in plain Rust.

use std::fmt::Write;

use super::model::Sum;

/// A bar's place is 10 wide; the drawing is 100 high and is stretched to where it stands.
const STEP: u64 = 10;
const HIGH: u64 = 100;
/// What failed is seen even beside thousands that arrived.
const LEAST: u64 = 2;

/// The top of the scale: 1, 2 or 5 with zeros, not below `most`.
#[must_use]
pub fn top(most: u64) -> u64 {
    let mut power = 1_u64;
    loop {
        for step in [1, 2, 5] {
            let top = power.saturating_mul(step);
            if top >= most {
                return top.max(1);
            }
        }
        power = power.saturating_mul(10);
    }
}

/// A piece of a bar: where its top is, and how high it is, both of 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    pub class: &'static str,
    pub y: u64,
    pub height: u64,
}

/// The pieces of one day, from the ground up; nothing for what there is none of.
#[must_use]
pub fn pieces(sum: Sum, top: u64) -> Vec<Piece> {
    let mut ground = HIGH;
    let mut pieces = Vec::new();
    let kept = if sum.failed > 0 { LEAST } else { 0 };
    for (class, count, least, kept) in [
        ("bar-sent", sum.sent, 1, kept),
        ("bar-waiting", sum.waiting, 1, kept),
        ("bar-failed", sum.failed, LEAST, 0),
    ] {
        let height = (count.saturating_mul(HIGH) / top.max(1)).max(least).min(ground - kept);
        if count == 0 || height == 0 {
            continue;
        }
        ground -= height;
        pieces.push(Piece { class, y: ground, height });
    }
    pieces
}

/// The whole drawing as SVG markup, and its width. `titles` are shown on hovering, one for each day; they hold numbers
/// and words of ours only.
#[must_use]
pub fn markup(sums: &[Sum], titles: &[String]) -> (String, u64) {
    let top = top(sums.iter().map(|sum| sum.all()).max().unwrap_or(0));
    let mut out = String::from("<path class=\"chart-line\" d=\"");
    let wide = STEP * u64::try_from(sums.len()).unwrap_or(0);
    for y in [0, HIGH / 2, HIGH] {
        let _written = write!(out, "M0 {y}H{wide}");
    }
    out.push_str("\"/>");
    for (index, (sum, title)) in sums.iter().zip(titles).enumerate() {
        let x = STEP * u64::try_from(index).unwrap_or(0);
        let _written = write!(
            out,
            "<g class=\"chart-day\"><title>{title}</title><rect class=\"chart-hit\" x=\"{x}\" y=\"0\" width=\"{STEP}\" height=\"{HIGH}\"/>"
        );
        for Piece { class, y, height } in pieces(*sum, top) {
            let _written = write!(
                out,
                "<rect class=\"{class}\" x=\"{}\" y=\"{y}\" width=\"{}\" height=\"{height}\"/>",
                x + 2,
                STEP - 4
            );
        }
        out.push_str("</g>");
    }
    (out, wide)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_ends_at_a_round_number() {
        for (most, expected) in
            [(0, 1), (1, 1), (3, 5), (6, 10), (10, 10), (11, 20), (501, 1_000), (2_000, 2_000)]
        {
            assert_eq!(top(most), expected, "{most}");
        }
        assert_eq!(top(u64::MAX), u64::MAX);
    }

    #[test]
    fn pieces_stand_on_each_other_and_a_failure_is_always_seen() {
        let sum = Sum { sent: 9_990, waiting: 0, failed: 1 };
        let all = pieces(sum, 10_000);
        assert_eq!(
            all,
            [Piece { class: "bar-sent", y: 2, height: 98 }, Piece { class: "bar-failed", y: 0, height: 2 },]
        );
        assert_eq!(pieces(Sum::default(), 1), []);
        let three = pieces(Sum { sent: 50, waiting: 25, failed: 25 }, 100);
        assert_eq!(three.iter().map(|piece| piece.height).sum::<u64>(), 100);
        assert_eq!(three.iter().map(|piece| piece.y).collect::<Vec<_>>(), [50, 25, 0]);
    }

    #[test]
    fn every_day_is_drawn_with_its_words() {
        let sums = [Sum { sent: 3, ..Sum::default() }, Sum::default()];
        let (drawn, wide) = markup(&sums, &["11/1: 3".to_owned(), "11/2: 0".to_owned()]);
        assert_eq!(wide, 20);
        assert_eq!(drawn.matches("<title>").count(), 2);
        assert_eq!(drawn.matches("bar-sent").count(), 1);
    }
}
