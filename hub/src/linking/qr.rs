//! A URL as a QR code in SVG, drawn here so that no image service learns who links with whom.

use qrcodegen::{QrCode, QrCodeEcc};

/// The quiet zone that ISO/IEC 18004 asks for, in modules.
const MARGIN: i32 = 4;

/// A whole `<svg>` without a size of its own; `None` when `text` is too long for a code (about 2,300 bytes).
pub(super) fn svg(text: &str) -> Option<String> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let side = code.size() + 2 * MARGIN;
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}h-{side}z\"/><path fill=\"#000\" d=\"{}\"/></svg>",
        path(&code)
    ))
}

/// One piece for each run of dark modules in a row: a quarter of the size of one for each module.
fn path(code: &QrCode) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let run = (x..code.size()).take_while(|x| code.get_module(*x, y)).count();
            let run = i32::try_from(run).unwrap_or_default();
            if run > 0 {
                path.push_str(&format!("M{} {}h{run}v1h-{run}z", x + MARGIN, y + MARGIN));
            }
            x += run.max(1);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The modules of a drawn path.
    fn drawn(svg: &str) -> Vec<(i32, i32)> {
        let path = svg.rsplit("d=\"").next().unwrap().split('"').next().unwrap();
        let mut modules = Vec::new();
        for piece in path.split('M').filter(|piece| !piece.is_empty()) {
            let (x, rest) = piece.split_once(' ').unwrap();
            let (y, rest) = rest.split_once('h').unwrap();
            let run: i32 = rest.split('v').next().unwrap().parse().unwrap();
            let (x, y): (i32, i32) = (x.parse().unwrap(), y.parse().unwrap());
            modules.extend((x..x + run).map(|x| (x, y)));
        }
        modules
    }

    #[test]
    fn every_dark_module_is_drawn_and_no_other() {
        let url = "https://line.me/R/ti/p/%40123abcde";
        let code = QrCode::encode_text(url, QrCodeEcc::Medium).unwrap();
        let modules = drawn(&svg(url).unwrap());
        let dark: Vec<(i32, i32)> = (0..code.size())
            .flat_map(|y| (0..code.size()).map(move |x| (x, y)))
            .filter(|(x, y)| code.get_module(*x, *y))
            .map(|(x, y)| (x + MARGIN, y + MARGIN))
            .collect();
        assert_eq!(modules, dark);
        // The finder pattern in the corner, by which readers know it for a QR code.
        assert!((MARGIN..MARGIN + 7).all(|x| modules.contains(&(x, MARGIN))));
        assert!(svg(url).unwrap().len() < 8_000);
    }

    #[test]
    fn what_is_too_long_has_no_code() {
        assert_eq!(svg(&"a".repeat(3_000)), None);
    }
}
