//! Times as people read them, in the browser's zone. Not by `Intl`: its first word costs a slow phone a tenth of a
//! second, and each further one some milliseconds.

use js_sys::Date;
use shared::lang::{Lang, Text};

use super::browser::date;

/// `19:05` today, `11月21日 19:05` this year, with the year otherwise.
#[must_use]
pub fn time_text(at: i64, lang: Lang) -> String {
    Moment::of(&date(at)).time(&Moment::of(&Date::new_0()), lang)
}

/// `2026年11月21日(土) 19:05:12`.
#[must_use]
pub fn full_time_text(at: i64, lang: Lang) -> String {
    Moment::of(&date(at)).full(lang)
}

/// `2026年11月21日`.
#[must_use]
pub fn day_text(at: i64, lang: Lang) -> String {
    Moment::of(&date(at)).day(lang)
}

/// `11月21日`.
#[must_use]
pub fn date_text(at: i64, lang: Lang) -> String {
    Moment::of(&date(at)).date(lang)
}

/// In English, January first.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The days of the week, Monday first, short.
pub const WEEK: [Text; 7] = [
    Text::new("月", "Mon"),
    Text::new("火", "Tue"),
    Text::new("水", "Wed"),
    Text::new("木", "Thu"),
    Text::new("金", "Fri"),
    Text::new("土", "Sat"),
    Text::new("日", "Sun"),
];

/// What a calendar and a clock show.
struct Moment {
    year: u32,
    /// From 1.
    month: u32,
    day: u32,
    /// From Sunday, which is 0.
    week: u32,
    clock: [u32; 3],
}

impl Moment {
    fn of(date: &Date) -> Self {
        Self {
            year: date.get_full_year(),
            month: date.get_month() + 1,
            day: date.get_date(),
            week: date.get_day(),
            clock: [date.get_hours(), date.get_minutes(), date.get_seconds()],
        }
    }

    fn time(&self, now: &Self, lang: Lang) -> String {
        let [hour, minute, _] = self.clock;
        let date = match (self.year == now.year, lang) {
            (true, _) if (self.month, self.day) == (now.month, now.day) => {
                return format!("{hour:02}:{minute:02}");
            }
            (true, _) => self.date(lang),
            (false, Lang::Ja) => self.day(lang),
            (false, Lang::En) => format!("{} {}", self.date(lang), self.year),
        };
        let comma = if lang == Lang::Ja { "" } else { "," };
        format!("{date}{comma} {hour:02}:{minute:02}")
    }

    fn full(&self, lang: Lang) -> String {
        let week = WEEK.get((self.week as usize + 6) % 7).map_or("", |name| name.get(lang));
        let day = self.day(lang);
        let [hour, minute, second] = self.clock;
        match lang {
            Lang::Ja => format!("{day}({week}) {hour:02}:{minute:02}:{second:02}"),
            Lang::En => format!("{week} {day}, {hour:02}:{minute:02}:{second:02}"),
        }
    }

    fn day(&self, lang: Lang) -> String {
        match lang {
            Lang::Ja => format!("{}年{}", self.year, self.date(lang)),
            Lang::En => format!("{} {} {}", self.day, self.month_name(), self.year),
        }
    }

    fn date(&self, lang: Lang) -> String {
        match lang {
            Lang::Ja => format!("{}月{}日", self.month, self.day),
            Lang::En => format!("{} {}", self.day, self.month_name().get(..3).unwrap_or_default()),
        }
    }

    fn month_name(&self) -> &'static str {
        MONTHS.get(self.month.wrapping_sub(1) as usize).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(year: u32, month: u32, day: u32) -> Moment {
        Moment { year, month, day, week: 6, clock: [9, 5, 7] }
    }

    #[test]
    fn what_goes_without_saying_is_not_said() {
        let now = at(2026, 11, 21);
        for (moment, ja, en) in [
            (at(2026, 11, 21), "09:05", "09:05"),
            (at(2026, 9, 1), "9月1日 09:05", "1 Sep, 09:05"),
            (at(2025, 11, 21), "2025年11月21日 09:05", "21 Nov 2025, 09:05"),
        ] {
            assert_eq!((moment.time(&now, Lang::Ja), moment.time(&now, Lang::En)), (ja.into(), en.into()));
        }
    }

    #[test]
    fn days_are_written_out() {
        let day = at(2026, 11, 21);
        assert_eq!(day.full(Lang::Ja), "2026年11月21日(土) 09:05:07");
        assert_eq!(day.full(Lang::En), "Sat 21 November 2026, 09:05:07");
        assert_eq!(
            (day.day(Lang::Ja), day.day(Lang::En)),
            ("2026年11月21日".into(), "21 November 2026".into())
        );
        assert_eq!(Moment { week: 0, ..day }.full(Lang::En), "Sun 21 November 2026, 09:05:07");
    }
}
