//! What business systems can ask for, with examples that are checked against the types.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use shared::{
    api::{
        absences::AbsenceRequest,
        events::{Accepted, EventRequest},
        members::{CompanyForm, MemberForm},
        settings::{KindChange, KindRequest},
    },
    id::EventId,
};

/// One method of one path.
pub(crate) struct Operation {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) tag: &'static str,
    /// Japanese and English.
    pub(crate) summary: (&'static str, &'static str),
    /// Of the API key; `door` for a door's token.
    pub(crate) scope: &'static str,
    /// Beside those of the path: name and place.
    pub(crate) parameters: Vec<(&'static str, &'static str)>,
    pub(crate) body: Option<Body>,
    /// In words, the status, and what it looks like.
    pub(crate) answer: (&'static str, u16, Option<(&'static str, Value)>),
}

pub(crate) struct Body {
    pub(crate) kind: &'static str,
    pub(crate) example: Value,
    pub(crate) required: Vec<String>,
}

/// A body of `T`: the example is one, it names every field of it, and what cannot be left out is found by leaving it
/// out.
fn body<T: Serialize + DeserializeOwned>(example: Value) -> Option<Body> {
    let read: T = serde_json::from_value(example.clone()).unwrap();
    let fields = example.as_object().unwrap();
    for (name, value) in serde_json::to_value(&read).unwrap().as_object().unwrap() {
        assert_eq!(fields.get(name), Some(value), "{name} is not as the type writes it");
    }
    let mut other = fields.clone();
    other.insert("no_such_field".to_owned(), Value::Null);
    let refused = serde_json::from_value::<T>(Value::Object(other)).err().unwrap().to_string();
    // serde's sentence: unknown field `x`, expected one of `a`, `b`
    for name in refused.split('`').skip(3).step_by(2) {
        assert!(
            fields.contains_key(name) || matches!(name, "version" | "email"),
            "the example has no {name}"
        );
    }
    let required = fields
        .keys()
        .filter(|name| {
            let mut less = fields.clone();
            less.remove(*name);
            serde_json::from_value::<T>(Value::Object(less)).is_err()
        })
        .cloned()
        .collect();
    Some(Body { kind: "application/json", example, required })
}

fn json_answer(
    words: &'static str,
    status: u16,
    example: Value,
) -> (&'static str, u16, Option<(&'static str, Value)>) {
    (words, status, Some(("application/json", example)))
}

const ID: &str = "ev_01kdvdna00000g40r40m30e27z";
const MEMBER: &str = "mb_01kdvdna00000g40r40m30e27z";

fn absence() -> Value {
    json!({
        "ref": "wp-4711", "member": MEMBER, "title": "年末休暇", "starts": "2026-12-29", "ends": "2026-12-31",
        "all_day": true, "note": "実家に帰ります", "changed_at": "2026-11-22T01:02:03.000Z",
        "calendar": { "state": "done" },
    })
}

pub(crate) fn operations() -> Vec<Operation> {
    let one = |method, path, tag, summary, scope| Operation {
        method,
        path,
        tag,
        summary,
        scope,
        parameters: Vec::new(),
        body: None,
        answer: ("OK", 200, None),
    };
    let accepted = Accepted { id: ID.parse::<EventId>().unwrap(), deliveries: 2, skipped: 1 };
    let member = json!({
        "name": "佐藤 花子", "reading": "さとう はなこ", "login_email": "sato@minato.example",
        "notification_email": "", "department": "営業部", "title": "課長", "employee_number": "1042",
        "usable": true, "company": "", "lineworks_id": "sato@minato", "slack_id": "", "role": "member",
        "language": "ja",
    });
    vec![
        Operation {
            parameters: vec![("Idempotency-Key", "header")],
            body: body::<EventRequest>(json!({
                "kind": "tasks.assigned",
                "to": [{ "email": "sato@minato.example" }],
                "title": "見積書の確認をお願いします",
                "body": "金曜までにお願いします。",
                "link": "https://tasks.example.jp/1042",
                "fields": [{ "label": "期限", "value": "11月27日" }],
                "thread": "order-1042",
                "urgency": "normal",
                "deliver_at": "2026-11-24T09:00:00+09:00",
                "actions": [{ "id": "take", "label": "対応します", "style": "primary" }],
                "mentions": [{ "email": "sato@minato.example" }],
            })),
            answer: json_answer(
                "Durable: it will be delivered.",
                202,
                serde_json::to_value(accepted).unwrap(),
            ),
            ..one("post", "/api/v1/events", "events", ("通知を送る", "Send a notice"), "events:write")
        },
        one(
            "get",
            "/api/v1/events/{id}",
            "events",
            ("通知の結果を読む", "Read what became of a notice"),
            "events:read",
        ),
        Operation {
            answer: json_answer("What was withdrawn.", 200, json!({ "cancelled": 2 })),
            ..one(
                "post",
                "/api/v1/events/{id}/cancel",
                "events",
                ("まだ送っていない分を取り消す", "Withdraw what was not sent yet"),
                "events:write",
            )
        },
        Operation {
            parameters: vec![
                ("q", "query"),
                ("company", "query"),
                ("unreachable", "query"),
                ("cursor", "query"),
            ],
            ..one("get", "/api/v1/members", "people", ("メンバーを探す", "List members"), "admin")
        },
        Operation {
            body: body::<MemberForm>(member.clone()),
            answer: json_answer("The member.", 201, json!({ "id": MEMBER, "version": 1 })),
            ..one("post", "/api/v1/members", "people", ("メンバーを追加する", "Add a member"), "admin")
        },
        one("get", "/api/v1/members/{id}", "people", ("メンバーを読む", "Read a member"), "admin"),
        Operation {
            body: body::<MemberForm>(member),
            ..one("put", "/api/v1/members/{id}", "people", ("メンバーを変える", "Change a member"), "admin")
        },
        Operation {
            answer: ("Erased.", 204, None),
            ..one(
                "delete",
                "/api/v1/members/{id}",
                "people",
                ("メンバーを削除する", "Erase a member"),
                "admin",
            )
        },
        Operation {
            answer: json_answer(
                "Works once, for 30 minutes.",
                201,
                json!({ "url": "https://…/s/…", "expires_at": 1_795_219_200_000_i64 }),
            ),
            ..one(
                "post",
                "/api/v1/members/{id}/sign-in-link",
                "people",
                ("サインインリンクを作る", "Make a sign-in link"),
                "admin",
            )
        },
        one("get", "/api/v1/companies", "people", ("会社の一覧", "List companies"), "admin"),
        Operation {
            body: body::<CompanyForm>(json!({ "name": "みなと商事" })),
            answer: ("The company.", 201, None),
            ..one("post", "/api/v1/companies", "people", ("会社を追加する", "Add a company"), "admin")
        },
        Operation {
            parameters: vec![("was", "query")],
            body: body::<CompanyForm>(json!({ "name": "みなと商事" })),
            ..one(
                "put",
                "/api/v1/companies/{id}",
                "people",
                ("会社の名前を変える", "Rename a company"),
                "admin",
            )
        },
        Operation {
            answer: ("Deleted.", 204, None),
            ..one(
                "delete",
                "/api/v1/companies/{id}",
                "people",
                ("会社を削除する", "Delete a company"),
                "admin",
            )
        },
        one("get", "/api/v1/rooms", "rooms", ("Botが参加しているルーム", "Rooms the bots are in"), "admin"),
        one("get", "/api/v1/rooms/{id}", "rooms", ("ルームを読む", "Read a room"), "admin"),
        one("get", "/api/v1/kinds", "kinds", ("通知の種類の一覧", "List kinds of notices"), "events:write"),
        Operation {
            body: body::<KindRequest>(json!({
                "code": "erp.stock_low", "name_ja": "在庫が少ない", "name_en": "Stock is low", "urgency": "normal", "icon": "box",
            })),
            answer: ("The kind.", 201, None),
            ..one("post", "/api/v1/kinds", "kinds", ("通知の種類を追加する", "Add a kind"), "admin")
        },
        Operation {
            parameters: vec![("was", "query")],
            body: body::<KindChange>(json!({
                "name_ja": "在庫が少ない", "name_en": "Stock is low", "urgency": "critical", "icon": "box", "archived": false,
            })),
            ..one(
                "put",
                "/api/v1/kinds/{code}",
                "kinds",
                ("自作の種類を変える", "Change a kind of your own"),
                "admin",
            )
        },
        Operation {
            answer: ("Deleted.", 204, None),
            ..one(
                "delete",
                "/api/v1/kinds/{code}",
                "kinds",
                ("使われていない種類を削除する", "Delete an unused kind"),
                "admin",
            )
        },
        Operation {
            body: body::<AbsenceRequest>(
                json!({ "member": MEMBER, "title": "年末休暇", "starts": "2026-12-29", "ends": "2026-12-31", "all_day": true, "note": "実家に帰ります" }),
            ),
            answer: json_answer("The absence; 200 when there was one of that ref.", 201, absence()),
            ..one(
                "put",
                "/api/v1/absences/{ref}",
                "absences",
                (
                    "不在予定を登録する、置き換える(memberの代わりにemailも可)",
                    "Enter or replace an absence; email instead of member",
                ),
                "absences:write",
            )
        },
        Operation {
            answer: ("Deleted.", 204, None),
            ..one(
                "delete",
                "/api/v1/absences/{ref}",
                "absences",
                ("不在予定を削除する", "Delete an absence"),
                "absences:write",
            )
        },
        Operation {
            parameters: vec![
                ("member", "query"),
                ("email", "query"),
                ("from", "query"),
                ("to", "query"),
                ("cursor", "query"),
            ],
            answer: json_answer("A page, earliest first.", 200, json!({ "items": [absence()] })),
            ..one("get", "/api/v1/absences", "absences", ("不在予定を探す", "Find absences"), "absences:read")
        },
        Operation {
            parameters: vec![("member", "query")],
            ..one(
                "get",
                "/api/attendance/months/{month}",
                "attendance",
                ("月の勤怠を読む", "Read a month of attendance"),
                "attendance:read",
            )
        },
        Operation {
            parameters: ["company", "q", "state", "cursor", "limit"].map(|name| (name, "query")).into(),
            ..one(
                "get",
                "/api/attendance/months/{month}/people",
                "attendance",
                ("全員の月の勤怠を読む", "Read everybody's month of attendance"),
                "attendance:read",
            )
        },
        Operation {
            parameters: vec![("member", "query")],
            answer: ("CSV for Excel.", 200, None),
            ..one(
                "get",
                "/api/attendance/months/{month}/csv",
                "attendance",
                ("月の勤怠のCSV", "A month of attendance as CSV"),
                "attendance:read",
            )
        },
        Operation {
            body: Some(Body {
                kind: "application/x-www-form-urlencoded",
                example: json!({ "message": "ディスクの残りが10%です" }),
                required: vec!["message".to_owned()],
            }),
            answer: json_answer("As LINE Notify answered.", 200, json!({ "status": 200, "message": "ok" })),
            ..one(
                "post",
                "/api/notify",
                "doors",
                ("LINE Notifyの形で送る", "Send in the form of LINE Notify"),
                "door",
            )
        },
        one("get", "/api/status", "doors", ("受け口のトークンを確かめる", "Check a door's token"), "door"),
        Operation {
            body: Some(Body {
                kind: "application/json",
                example: json!({ "text": "*deploy* done" }),
                required: Vec::new(),
            }),
            answer: ("`ok`", 200, None),
            ..one("post", "/hooks/in/{token}", "doors", ("Slackの形で送る", "Send in the form of Slack"), "")
        },
    ]
}
