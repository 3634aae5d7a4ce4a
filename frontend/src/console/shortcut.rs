//! Keys of the console: `/` goes to the search, `g` and then a letter goes to a page. Pure, so that it can be
//! tried without a browser.

/// What a key press asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortcut {
    Search,
    /// Path of a page.
    Go(&'static str),
}

/// Remembers the `g` until the next key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Keys {
    going: bool,
}

impl Keys {
    /// `key` as the browser names it; `busy` while the focus is where letters are typed or a modifier is held.
    pub fn press(&mut self, key: &str, busy: bool) -> Option<Shortcut> {
        let going = std::mem::take(&mut self.going) && !busy;
        match key {
            _ if busy => None,
            "g" if !going => {
                self.going = true;
                None
            }
            "/" => Some(Shortcut::Search),
            "a" if going => Some(Shortcut::Go("/console/apps")),
            "h" if going => Some(Shortcut::Go("/console")),
            "d" if going => Some(Shortcut::Go("/console/deliveries")),
            "i" if going => Some(Shortcut::Go("/console/integrations")),
            "m" if going => Some(Shortcut::Go("/console/members")),
            "r" if going => Some(Shortcut::Go("/console/rules")),
            "s" if going => Some(Shortcut::Go("/console/settings")),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_move_only_outside_fields() {
        type Presses = &'static [(&'static str, bool)];
        let cases: [(Presses, Option<Shortcut>); 8] = [
            (&[("/", false)], Some(Shortcut::Search)),
            (&[("/", true)], None),
            (&[("g", false), ("m", false)], Some(Shortcut::Go("/console/members"))),
            (&[("g", false), ("a", false)], Some(Shortcut::Go("/console/apps"))),
            (&[("m", false)], None),
            (&[("g", true), ("m", false)], None),
            (&[("g", false), ("x", false), ("m", false)], None),
            (&[("g", false), ("m", true)], None),
        ];
        for (presses, expected) in cases {
            let mut keys = Keys::default();
            let last = presses.iter().map(|(key, busy)| keys.press(key, *busy)).last().flatten();
            assert_eq!(last, expected, "{presses:?}");
        }
    }
}
