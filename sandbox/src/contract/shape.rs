//! Slack publishes answers and payloads as examples that hold every field with a blank value. A value fits
//! when it has no other fields and the same kinds of values.

use serde_json::Value;

use super::Problem;

pub(super) fn compare(example: &Value, value: &Value) -> Vec<Problem> {
    let mut problems = Vec::new();
    walk(example, value, "", &mut problems);
    problems
}

fn walk(example: &Value, value: &Value, at: &str, problems: &mut Vec<Problem>) {
    let mut wrong = |at: &str, what: &str| {
        problems.push(Problem { at: at.to_owned(), what: what.to_owned() });
    };
    match (example, value) {
        // Blank or absent on either side says nothing about the kind.
        (Value::Null, _) | (_, Value::Null) => {}
        (Value::Object(known), Value::Object(fields)) => {
            // An empty example stands for any object.
            if known.is_empty() {
                return;
            }
            for (name, inner) in fields {
                let place = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
                match known.get(name) {
                    Some(example) => walk(example, inner, &place, problems),
                    None => problems.push(Problem { at: place, what: "unknown field".into() }),
                }
            }
        }
        (Value::Array(known), Value::Array(items)) => {
            for (place, item) in items.iter().enumerate() {
                if !known.is_empty() && !known.iter().any(|example| compare(example, item).is_empty()) {
                    wrong(&format!("{at}[{place}]"), "is like none of the examples");
                }
            }
        }
        (Value::String(_), Value::String(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::Bool(_), Value::Bool(_)) => {}
        _ => wrong(at, "is of another type than the example"),
    }
}
