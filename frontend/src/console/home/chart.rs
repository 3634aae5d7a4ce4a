//! The chart of the last days: a bar for each, stacked by how its deliveries ended. Geometry in plain Rust.

use super::model::Sum;

/// A bar's place is 10 wide; the drawing is 100 high and is stretched to where it stands.
const STEP: u64 = 10;
const HIGH: u64 = 100;
/// What failed is seen even beside thousands that arrived.
const LEAST: u64 = 2;

/// The top of the scale, not below `most`: 2, 4 or 10 with zeros, so that its middle is a whole number.
#[must_use]
pub fn top(most: u64) -> u64 {
    let mut power = 1_u64;
    loop {
        for step in [2, 4, 10] {
            let top = power.saturating_mul(step);
            if top >= most {
                return top;
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

/// How wide the drawing of so many days is, in the same measure.
#[must_use]
pub fn width(days: usize) -> u64 {
    STEP * u64::try_from(days).unwrap_or(0)
}

/// The lines behind the bars, as `d` of a `path` has them.
#[must_use]
pub fn lines(wide: u64) -> String {
    [0, HIGH / 2, HIGH].map(|y| format!("M0 {y}H{wide}")).concat()
}

/// A rectangle's place in a day's: `x`, `y`, `width`, `height`.
#[must_use]
pub fn place(day: usize, piece: Option<Piece>) -> [(&'static str, u64); 4] {
    let x = width(day);
    match piece {
        Some(Piece { y, height, .. }) => [("x", x + 2), ("y", y), ("width", STEP - 4), ("height", height)],
        // All of it: where the pointer is.
        None => [("x", x), ("y", 0), ("width", STEP), ("height", HIGH)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_ends_at_a_round_number() {
        for (most, expected) in
            [(0, 2), (2, 2), (3, 4), (6, 10), (10, 10), (11, 20), (501, 1_000), (2_001, 4_000)]
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
    fn every_day_has_its_place() {
        assert_eq!((width(2), lines(20)), (20, "M0 0H20M0 50H20M0 100H20".to_owned()));
        let piece = Piece { class: "bar-sent", y: 40, height: 60 };
        assert_eq!(place(1, Some(piece)), [("x", 12), ("y", 40), ("width", 6), ("height", 60)]);
        assert_eq!(place(1, None), [("x", 10), ("y", 0), ("width", 10), ("height", 100)]);
    }
}
