use super::*;

fn same(json: &Json, value: &serde_json::Value) -> bool {
    use serde_json::Value;
    match (json, value) {
        (Json::Null, Value::Null) => true,
        (Json::Bool(own), Value::Bool(other)) => own == other,
        (Json::Number(own), Value::Number(other)) => other.as_i64() == Some(*own),
        (Json::Text(own), Value::String(other)) => own == other,
        (Json::List(own), Value::Array(other)) => {
            own.len() == other.len() && own.iter().zip(other).all(|(own, other)| same(own, other))
        }
        (Json::Object(own), Value::Object(other)) => {
            own.len() == other.len()
                && own.iter().all(|(name, own)| other.get(name).is_some_and(|other| same(own, other)))
        }
        _ => false,
    }
}

#[test]
fn it_reads_what_serde_reads() {
    for text in [
        "null",
        " [ ] ",
        "{}",
        "[1, -20,1767225600000 , true,false,null]",
        r#"{"a":{"b":[{"c":"佐藤 \"花子\"\n\u3042\ud83d\ude00\/\\"}]}, "d" : ""}"#,
        r#""\u0041\t\r\b\f""#,
    ] {
        let value = serde_json::from_str(text).unwrap();
        assert!(same(&Json::parse(text).unwrap(), &value), "{text}");
        let written = serde_json::to_string_pretty(&value).unwrap();
        assert!(same(&Json::parse(&written).unwrap(), &value), "{written}");
    }
    assert_eq!(Json::parse("1.75"), Some(Json::Number(1)));
}

#[test]
fn it_refuses_what_is_none() {
    let deep = "[".repeat(100);
    for text in [
        "",
        "[1 2]",
        "[,1]",
        "{\"a\"}",
        "{\"a\":1,}x",
        "{a:1}",
        "\"open",
        "\"\\x\"",
        "\"\\ud800\"",
        "\"\\ud800\\u0041\"",
        "nul",
        "<html>",
        "1 2",
        "99999999999999999999",
        "-",
        deep.as_str(),
    ] {
        assert_eq!(Json::parse(text), None, "{text}");
    }
}

#[test]
fn a_body_is_what_serde_would_write() {
    let name = "a\"\\\n\u{1}佐藤";
    let body = object(&[("name", Out::Text(name)), ("on", Out::Bool(true))]);
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&body).unwrap(),
        serde_json::json!({"name": name, "on": true})
    );
    let nested = object(&[("a", Out::Texts(&["x", "\""])), ("b", Out::Texts(&[])), ("c", Out::Number(-7))]);
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&object(&[("d", Out::Json(&nested))])).unwrap(),
        serde_json::json!({"d": {"a": ["x", "\""], "b": [], "c": -7}})
    );
    assert_eq!(object(&[]), "{}");
}

#[test]
fn paths_lead_to_what_is_there() {
    let json = Json::parse(r#"{"a":[{"b":"c"}]}"#).unwrap();
    assert_eq!(json.at("/a/0/b").str(), Some("c"));
    for nothing in ["/a/1/b", "/a/b", "/x", "/a/0/b/c"] {
        assert_eq!(json.at(nothing), &Json::Null, "{nothing}");
    }
}
