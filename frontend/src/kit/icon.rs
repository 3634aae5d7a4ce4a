//! The few icons, drawn on a 20 x 20 grid with one stroke width.

use super::surfaces::icon;
use crate::dom::Placed;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    Home,
    /// Switches in rows.
    Rules,
    Apps,
    Send,
    Link,
    People,
    Gear,
    Bell,
    Sun,
    Moon,
    Auto,
    Person,
    Copy,
    Check,
    Cross,
    Dash,
    Lock,
    File,
    Search,
    Back,
    Warning,
    Key,
    Plus,
    Refresh,
    Globe,
    Leave,
}

impl Icon {
    /// The line it is drawn with.
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Home => "M3.5 9.500 10 3.500l6.5 6M5.5 8v8.500h9V8M8.5 16.500v-4.500h3v4.500",
            Self::Rules => "M3 4.500h14v11H3zM3 8.500h14M8 8.500v7M12.500 8.500v7",
            Self::Apps => "M3.5 3.500h5v5h-5zM11.5 3.500h5v5h-5zM3.5 11.500h5v5h-5zM11.5 11.500h5v5h-5z",
            Self::Send => "M17 3 9 11M17 3l-5 14-3-6-6-3z",
            Self::Link => {
                "M8.5 11.5a3 3 0 0 0 4.3 0l3-3a3 3 0 0 0-4.3-4.3l-1 1M11.5 8.5a3 3 0 0 0-4.3 0l-3 3a3 3 0 0 0 4.3 4.3l1-1"
            }
            Self::People => {
                "M7.5 9a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.5ZM2.5 16.5c0-3 2.2-5 5-5s5 2 5 5M13 3.8a2.75 2.75 0 0 1 0 5M14.7 11.9c1.7.7 2.8 2.4 2.8 4.6"
            }
            Self::Gear => {
                "M4 6h7M15 6h1M4 14h1M9 14h7M13 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM7 16a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z"
            }
            Self::Bell => "M5 13V9a5 5 0 0 1 10 0v4l1.5 1.5h-13zM8.5 17h3",
            Self::Sun => {
                "M10 13.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM10 2v1.5M10 16.5V18M18 10h-1.5M3.5 10H2M15.7 4.3l-1 1M5.3 14.7l-1 1M15.7 15.7l-1-1M5.3 5.3l-1-1"
            }
            Self::Moon => "M16.5 11.8A6.8 6.8 0 0 1 8.2 3.5a6.8 6.8 0 1 0 8.3 8.3Z",
            Self::Auto => "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM10 3v14M10 6.5h5.9M10 10h7M10 13.5h5.9",
            Self::Person => {
                "M10 10a3.25 3.25 0 1 0 0-6.5 3.25 3.25 0 0 0 0 6.5ZM4 17c0-3.2 2.6-5 6-5s6 1.8 6 5"
            }
            Self::Copy => {
                "M7.5 7.5v-3a1 1 0 0 1 1-1h7a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1h-3M4.5 7.500h7a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1Z"
            }
            Self::Check => "m4 10.5 4 4 8-9",
            Self::Cross => "m5 5 10 10M15 5 5 15",
            Self::Dash => "M5 10h10",
            Self::Lock => {
                "M5.5 9h9a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1ZM7 9V6.500a3 3 0 0 1 6 0V9"
            }
            Self::File => "M11.5 3H6a1 1 0 0 0-1 1v12a1 1 0 0 0 1 1h8a1 1 0 0 0 1-1V6.500zM11.5 3v3.500H15",
            Self::Search => "M9 14.500a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM13 13l4 4",
            Self::Back => "M12 4 6 10l6 6",
            Self::Warning => "M10 3.5 17.5 16h-15zM10 8.500v3.500M10 14v.1",
            Self::Key => "M7 13.500a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM10.5 10H17v3M14 10v2",
            Self::Plus => "M10 4v12M4 10h12",
            Self::Refresh => "M16 10a6 6 0 1 1-1.8-4.300M16.5 3v3.500H13",
            Self::Leave => "M8 3.5H5a1 1 0 0 0-1 1v11a1 1 0 0 0 1 1h3M8.5 10H17M13.5 6.5 17 10l-3.5 3.5",
            Self::Globe => {
                "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM3 10h14M10 3c2 2 3 4.3 3 7s-1 5-3 7c-2-2-3-4.3-3-7s1-5 3-7Z"
            }
        }
    }

    /// The drawing, hidden from screen readers: the words beside it say the same.
    pub fn view(self) -> Placed {
        icon(self).place()
    }
}
