//! Slack's mrkdwn as plain text (doors.md §2.4): brackets first, entities once, markers only at word edges.

use super::emoji;
use crate::time::{self, SECOND};

/// How much of a text is formatting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Everything.
    Mrkdwn,
    /// Links, mentions and entities, no markers: a text that is not listed in `mrkdwn_in`.
    Links,
    /// A `plain_text` object: emoji only.
    Plain,
}

/// The text as a person would read it. Addresses of links are appended to `links` in order; a link whose label
/// says something else reads `label (address)`.
pub fn plain(text: &str, style: Style, links: &mut Vec<String>) -> String {
    let mut tokens = match style {
        Style::Plain => text.chars().map(Token::Char).collect(),
        Style::Mrkdwn | Style::Links => tokens(text, links),
    };
    if style == Style::Mrkdwn {
        tokens = unquoted(without_code_marks(tokens));
        // Twice for the Markdown of Grafana's default text: `**Firing**`.
        for marker in ['*', '*', '_', '~'] {
            strip(&mut tokens, marker);
        }
    }
    shown(with_emoji(tokens))
}

/// A raw character, or something that was read already and means nothing more.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Char(char),
    Text(String),
}

impl Token {
    fn is(&self, c: char) -> bool {
        *self == Self::Char(c)
    }

    fn is_space(&self) -> bool {
        matches!(self, Self::Char(c) if c.is_whitespace())
    }

    /// Part of a word: a marker next to it on the outer side is none.
    fn is_word(&self) -> bool {
        matches!(self, Self::Char(c) if c.is_alphanumeric())
    }
}

fn tokens(text: &str, links: &mut Vec<String>) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let tail = rest.get(first.len_utf8()..).unwrap_or_default();
        rest = match first {
            '<' => match bracket(tail, links) {
                Some((shown, tail)) => {
                    tokens.push(Token::Text(shown));
                    tail
                }
                None => {
                    tokens.push(Token::Char(first));
                    tail
                }
            },
            '&' => match entity(rest) {
                Some((shown, tail)) => {
                    tokens.push(Token::Text(shown.to_owned()));
                    tail
                }
                None => {
                    tokens.push(Token::Char(first));
                    tail
                }
            },
            _ => {
                tokens.push(Token::Char(first));
                tail
            }
        };
    }
    tokens
}

fn entity(text: &str) -> Option<(&'static str, &str)> {
    [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")]
        .into_iter()
        .find_map(|(entity, shown)| Some((shown, text.strip_prefix(entity)?)))
}

fn decoded(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// What stands between `<` and `>`, and what follows; `None` when it is no reference of Slack's.
fn bracket<'a>(text: &'a str, links: &mut Vec<String>) -> Option<(String, &'a str)> {
    let end = text.find(['>', '<', '\n'])?;
    let (content, tail) = (text.get(..end)?, text.get(end..)?.strip_prefix('>')?);
    let (target, label) =
        content.split_once('|').map_or((content, None), |(target, label)| (target, Some(label)));
    let label = label.map(decoded).filter(|label| !label.trim().is_empty());
    let mut kind = target.chars();
    let shown = match kind.next()? {
        mark @ ('@' | '#') => {
            let name = label.unwrap_or_else(|| kind.as_str().to_owned());
            if name.starts_with(mark) { name } else { format!("{mark}{name}") }
        }
        '!' => special(kind.as_str(), label),
        _ => link(&decoded(target), label, links)?,
    };
    Some((shown, tail))
}

fn special(command: &str, label: Option<String>) -> String {
    let mut parts = command.split('^');
    let name = parts.next().unwrap_or_default();
    match (name, label) {
        ("here" | "channel" | "everyone", _) => format!("@{name}"),
        (_, Some(label)) => label,
        ("date", None) => {
            let at = parts.next().and_then(|epoch| epoch.parse::<i64>().ok());
            at.and_then(|at| at.checked_mul(SECOND)).map_or_else(String::new, time::rfc3339)
        }
        ("subteam", None) => format!("@{}", parts.next().unwrap_or(name)),
        (_, None) => format!("@{name}"),
    }
}

fn link(target: &str, label: Option<String>, links: &mut Vec<String>) -> Option<String> {
    if let Some(address) = target.strip_prefix("mailto:").or_else(|| target.strip_prefix("tel:")) {
        return Some(
            label
                .filter(|label| label != address)
                .map_or_else(|| address.to_owned(), |label| format!("{label} ({address})")),
        );
    }
    let bare = target.strip_prefix("https://").or_else(|| target.strip_prefix("http://"))?;
    links.push(target.to_owned());
    Some(match label {
        Some(label) if label != target && label != bare => with_address(&label, target),
        _ => target.to_owned(),
    })
}

/// How a link with a label of its own reads.
pub(super) fn with_address(label: &str, address: &str) -> String {
    format!("{label} ({address})")
}

/// Takes the marks of code away; what stands in code is no formatting.
fn without_code_marks(tokens: Vec<Token>) -> Vec<Token> {
    let mut out = Vec::with_capacity(tokens.len());
    let mut rest = tokens.as_slice();
    while let Some((first, tail)) = rest.split_first() {
        let ticks = rest.iter().take(3).take_while(|token| token.is('`')).count();
        let span = match ticks {
            3 => closing(rest.get(3..).unwrap_or_default(), 3),
            // Within one line.
            1 => closing(tail, 1).filter(|end| !tail.iter().take(*end).any(|token| token.is('\n'))),
            _ => None,
        };
        let width = if ticks == 3 { 3 } else { 1 };
        if let (Some(end), Some(inner)) = (span, rest.get(width..)) {
            let code = inner.get(..end).unwrap_or_default();
            let code = if width == 3 { trimmed(code) } else { code };
            out.push(Token::Text(shown(code.to_vec())));
            rest = inner.get(end + width..).unwrap_or_default();
        } else {
            out.push(first.clone());
            rest = tail;
        }
    }
    out
}

/// Where `width` back quotes come again.
fn closing(tokens: &[Token], width: usize) -> Option<usize> {
    (1..tokens.len())
        .find(|at| tokens.get(*at..at + width).is_some_and(|marks| marks.iter().all(|token| token.is('`'))))
}

fn trimmed(tokens: &[Token]) -> &[Token] {
    let tokens = tokens.strip_prefix(&[Token::Char('\n')]).unwrap_or(tokens);
    tokens.strip_suffix(&[Token::Char('\n')]).unwrap_or(tokens)
}

/// Takes `>` and `>>>` at the beginning of lines away, and one space behind them.
fn unquoted(tokens: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let (mut at_start, mut behind_mark) = (true, false);
    for token in tokens {
        if at_start && token.is('>') {
            behind_mark = true;
            continue;
        }
        let padding = behind_mark && token.is(' ');
        at_start = token.is('\n');
        behind_mark = false;
        if !padding {
            out.push(token);
        }
    }
    out
}

/// Takes pairs of `marker` at the edges of words away, line by line.
fn strip(tokens: &mut Vec<Token>, marker: char) {
    let word = |at: Option<&Token>| at.is_some_and(Token::is_word);
    let ends = |at: Option<&Token>| at.is_none_or(Token::is_space);
    let mut open: Option<usize> = None;
    let mut marks = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| tokens.get(at));
        let after = tokens.get(at + 1);
        if token.is('\n') {
            open = None;
        } else if token.is(marker) {
            match open {
                Some(from) if from + 1 < at && !ends(before) && !word(after) => {
                    marks.extend([from, at]);
                    open = None;
                }
                // The last possible beginning: of `**x**` the inner pair.
                _ if !word(before) && !ends(after) => open = Some(at),
                _ => {}
            }
        }
    }
    // Pairs do not overlap, so the marks are in order.
    let mut marks = marks.into_iter().peekable();
    let mut at = 0..;
    tokens.retain(|_| at.next().is_none_or(|at| marks.next_if_eq(&at).is_none()));
}

fn with_emoji(tokens: Vec<Token>) -> Vec<Token> {
    let mut out = Vec::with_capacity(tokens.len());
    let mut rest = tokens.as_slice();
    while let Some((first, tail)) = rest.split_first() {
        match name_at(rest).and_then(|(name, tail)| Some((emoji::named(&name)?, tail))) {
            Some((emoji, tail)) => {
                out.push(Token::Text(emoji.to_owned()));
                rest = match name_at(tail) {
                    Some((name, tail)) if name.starts_with("skin-tone-") => tail,
                    _ => tail,
                };
            }
            None => {
                out.push(first.clone());
                rest = tail;
            }
        }
    }
    out
}

/// `:name:` at the beginning, and what follows.
fn name_at(tokens: &[Token]) -> Option<(String, &[Token])> {
    let inner = tokens.split_first().filter(|(first, _)| first.is(':'))?.1;
    let mut name = String::new();
    for (at, token) in inner.iter().enumerate().take(40) {
        match token {
            Token::Char(':') if !name.is_empty() => return Some((name, inner.get(at + 1..)?)),
            Token::Char(c) if c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+') => name.push(*c),
            _ => return None,
        }
    }
    None
}

fn shown(tokens: Vec<Token>) -> String {
    tokens.into_iter().fold(String::new(), |mut text, token| {
        match token {
            Token::Char(c) => text.push(c),
            Token::Text(more) => text.push_str(&more),
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> String {
        plain(text, Style::Mrkdwn, &mut Vec::new())
    }

    #[test]
    fn formatting_goes_and_words_stay() {
        for (text, expected) in [
            ("", ""),
            ("*bold* _it_ ~gone~ `code`", "bold it gone code"),
            ("a*b*c and snake_case_name and 2 * 3 * 4", "a*b*c and snake_case_name and 2 * 3 * 4"),
            ("*.log and *.txt", "*.log and *.txt"),
            ("(*x*), *y*!", "(x), y!"),
            ("**Firing**", "Firing"),
            ("*a\nb*", "*a\nb*"),
            ("*<https://a.jp|x>* ok", "x (https://a.jp) ok"),
            ("`*raw* _raw_` *b*", "*raw* _raw_ b"),
            ("```\nif a < b:\n  *x*\n```", "if a < b:\n  *x*"),
            ("``` open", "``` open"),
            ("> quoted\n>>> more\na > b\n - c", "quoted\nmore\na > b\n - c"),
            ("これは *太字* です", "これは 太字 です"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn references_are_read() {
        for (text, expected) in [
            ("<https://a.jp>", "https://a.jp"),
            ("<https://a.jp|a.jp>", "https://a.jp"),
            ("<https://a.jp/?x=1&amp;y=2|見る>", "見る (https://a.jp/?x=1&y=2)"),
            ("<mailto:a@b.jp|a@b.jp>", "a@b.jp"),
            ("<mailto:a@b.jp|佐藤>", "佐藤 (a@b.jp)"),
            ("<@U1> <@U1|sato> <#C1|ops> <#C1>", "@U1 @sato #ops #C1"),
            ("<!here> <!here|here> <!channel> <!everyone>", "@here @here @channel @everyone"),
            ("<!subteam^S1|@grp> <!subteam^S1>", "@grp @S1"),
            ("<!date^1392734382^{date}|Feb 18> <!date^1767225600^{date}>", "Feb 18 2026-01-01T00:00:00.000Z"),
            ("a <b> c < d", "a <b> c < d"),
            ("<>", "<>"),
            ("&lt;@U1&gt; &amp;lt; &copy;", "<@U1> &lt; &copy;"),
            (":fire: :no_such: 10:30:00 :thumbsup::skin-tone-2:!", "🔥 :no_such: 10:30:00 👍!"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
        let mut links = Vec::new();
        plain("<https://a.jp|x> <http://b.jp> <mailto:a@b.jp>", Style::Mrkdwn, &mut links);
        assert_eq!(links, ["https://a.jp", "http://b.jp"]);
    }

    #[test]
    fn less_is_read_where_less_is_meant() {
        let text = "*a* <https://a.jp> &amp; :fire:";
        assert_eq!(plain(text, Style::Links, &mut Vec::new()), "*a* https://a.jp & 🔥");
        assert_eq!(plain(text, Style::Plain, &mut Vec::new()), "*a* <https://a.jp> &amp; 🔥");
    }

    proptest! {
        #[test]
        fn words_are_never_lost(text in "[a-z0-9あ *_~`>&;|:\n<]{0,60}") {
            let letters = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            prop_assert_eq!(letters(&read(&text)), letters(&text));
        }

        #[test]
        fn nothing_breaks_it(text in "(?s)[<>@#!|&;:*_~`a\n^]{0,60}") {
            let _ = read(&text);
        }
    }
}
