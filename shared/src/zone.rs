//! The zones that a workspace can live in: places without summer time, so that minutes east of UTC say everything
//! and no table of changes has to travel with the programs.

use crate::lang::Text;

/// A place and how far east of UTC its clocks are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone {
    /// Its name in the IANA database: the word on the wire and in the store.
    pub code: &'static str,
    /// Minutes east of UTC, all year.
    pub minutes: i32,
    pub name: Text,
}

/// What can be chosen, Japan first, then from east to west.
pub const ZONES: [Zone; 11] = [
    zone("Asia/Tokyo", 540, "日本 (UTC+9)", "Japan (UTC+9)"),
    zone("Asia/Seoul", 540, "韓国 (UTC+9)", "South Korea (UTC+9)"),
    zone("Asia/Shanghai", 480, "中国 (UTC+8)", "China (UTC+8)"),
    zone("Asia/Taipei", 480, "台湾 (UTC+8)", "Taiwan (UTC+8)"),
    zone("Asia/Manila", 480, "フィリピン (UTC+8)", "Philippines (UTC+8)"),
    zone("Asia/Singapore", 480, "シンガポール (UTC+8)", "Singapore (UTC+8)"),
    zone("Asia/Ho_Chi_Minh", 420, "ベトナム (UTC+7)", "Vietnam (UTC+7)"),
    zone("Asia/Bangkok", 420, "タイ (UTC+7)", "Thailand (UTC+7)"),
    zone("Asia/Jakarta", 420, "インドネシア・ジャカルタ (UTC+7)", "Indonesia, Jakarta (UTC+7)"),
    zone("Asia/Kolkata", 330, "インド (UTC+5:30)", "India (UTC+5:30)"),
    zone("UTC", 0, "協定世界時 (UTC)", "Coordinated Universal Time (UTC)"),
];

impl Zone {
    /// Where a workspace lives that chose nothing.
    pub const DEFAULT: Self = ZONES[0];

    /// The zone of that name, if it is one of [`ZONES`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        ZONES.into_iter().find(|zone| zone.code == code)
    }

    /// Minutes east of UTC.
    #[must_use]
    pub const fn minutes(self) -> i32 {
        self.minutes
    }
}

const fn zone(code: &'static str, minutes: i32, ja: &'static str, en: &'static str) -> Zone {
    Zone { code, minutes, name: Text::new(ja, en) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_found_by_name() {
        for zone in ZONES {
            assert_eq!(Zone::from_code(zone.code), Some(zone));
            assert!((-720..=840).contains(&zone.minutes()));
            // The words say the same as the minutes.
            let sign = match (zone.minutes / 60, zone.minutes % 60) {
                (0, 0) => "(UTC)".to_owned(),
                (hours, 0) => format!("(UTC+{hours})"),
                (hours, rest) => format!("(UTC+{hours}:{rest})"),
            };
            assert!(zone.name.ja.ends_with(&sign) && zone.name.en.ends_with(&sign), "{zone:?}");
        }
        assert_eq!(Zone::from_code("America/New_York"), None);
    }
}
