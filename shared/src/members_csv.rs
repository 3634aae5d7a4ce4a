//! People as a table: which column of a file is which field, how a cell fills a form, how a person is written.
//! What is written here reads back as it was.

use serde::{Deserialize, Serialize};

use crate::{
    api::{
        auth::Role,
        members::{Member, MemberForm},
    },
    channel::Channel,
    error::{Code, Error},
    lang::{Lang, Text},
    search::folded,
};

macro_rules! columns {
    ($($variant:ident $code:literal $ja:literal $en:literal [$($other:literal)*];)*) => {
        /// A field that a file may bring.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Column { $($variant,)* }

        impl Column {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word in the API: that of [`MemberForm`].
            #[must_use]
            pub const fn code(self) -> &'static str { match self { $(Self::$variant => $code,)* } }

            /// What stands above it.
            #[must_use]
            pub const fn name(self) -> Text { match self { $(Self::$variant => Text::new($ja, $en),)* } }

            /// Other headings that files of other systems have, folded.
            const fn others(self) -> &'static [&'static str] { match self { $(Self::$variant => &[$($other),*],)* } }
        }
    };
}

columns! {
    Name "name" "名前" "Name" ["氏名" "お名前" "社員名" "fullname" "displayname"];
    Reading "reading" "ふりがな" "Reading" ["ふりかな" "よみがな" "よみ" "読み" "氏名(かな)" "氏名かな" "kana" "phonetic"];
    LoginEmail "login_email" "ログインメール" "Login email" ["めーるあどれす" "めーる" "ろぐいんid" "ろぐいんめーるあどれす" "email" "e-mail" "mail" "emailaddress" "loginid"];
    NotificationEmail "notification_email" "通知用メール" "Notification email" ["通知めーる" "通知先めーる" "通知用めーるあどれす"];
    Company "company" "会社" "Company" ["会社名" "契約企業" "所属会社" "companyname"];
    Department "department" "部署" "Department" ["部署名" "部門" "所属" "division" "organization"];
    Title "title" "役職" "Title" ["役職名" "肩書" "肩書き" "jobtitle" "position"];
    EmployeeNumber "employee_number" "社員番号" "Employee number" ["従業員番号" "社員no" "社員no." "社員id" "employeeid" "number"];
    Usable "usable" "利用可" "Active" ["利用" "利用可否" "有効" "状態" "使用可否" "enabled" "status" "usable"];
    Role "role" "権限" "Role" ["役割" "ろーる"];
    Language "language" "通知の言語" "Language" ["言語" "lang"];
    LineworksId "lineworks_id" "LINE WORKS ID" "LINE WORKS ID" ["らいんわーくすid" "lineworks" "lwid"];
    SlackId "slack_id" "Slack ID" "Slack ID" ["slackめんばーid" "slack" "slackmemberid"];
}

impl Column {
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|column| column.code() == code)
    }

    /// The column under a heading, in either language, however it is spelled.
    #[must_use]
    pub fn of_heading(heading: &str) -> Option<Self> {
        let heading = folded(crate::csv::unguarded(heading));
        Self::ALL.iter().copied().find(|column| {
            let name = column.name();
            heading == column.code()
                || heading == folded(name.ja)
                || heading == folded(name.en)
                || column.others().contains(&heading.as_str())
        })
    }

    /// The columns of a file by its first line; of two alike the first counts.
    #[must_use]
    pub fn of_headings(headings: &[String]) -> Vec<Option<Self>> {
        let mut columns: Vec<Option<Self>> = Vec::new();
        for heading in headings {
            let found = Self::of_heading(heading);
            let known = found.is_some() && columns.contains(&found);
            columns.push(found.filter(|_| !known));
        }
        columns
    }

    /// Puts a cell into a form. An empty one clears a text and leaves the rest as it is. The company's id is not
    /// known here: its cell is left to the caller. Errors: `wrong_type` for a word that means nothing here.
    pub fn fill(self, cell: &str, form: &mut MemberForm) -> Result<(), Error> {
        let text = match self {
            Self::Name => &mut form.name,
            Self::Reading => &mut form.reading,
            Self::LoginEmail => &mut form.login_email,
            Self::NotificationEmail => &mut form.notification_email,
            Self::Department => &mut form.department,
            Self::Title => &mut form.title,
            Self::EmployeeNumber => &mut form.employee_number,
            Self::LineworksId => &mut form.lineworks_id,
            Self::SlackId => &mut form.slack_id,
            Self::Company => return Ok(()),
            Self::Usable | Self::Role | Self::Language => return self.choose(cell, form),
        };
        crate::csv::unguarded(cell).clone_into(text);
        Ok(())
    }

    fn choose(self, cell: &str, form: &mut MemberForm) -> Result<(), Error> {
        let word = folded(cell);
        if word.is_empty() {
            return Ok(());
        }
        let understood = match self {
            Self::Usable => yes_or_no(&word).map(|usable| form.usable = usable),
            Self::Role => Role::ALL
                .into_iter()
                .find(|role| {
                    let name = role.name();
                    word == role.code() || word == folded(name.ja) || word == folded(name.en)
                })
                .map(|role| form.role = role),
            _ => match word.as_str() {
                "ja" | "日本語" | "japanese" => Some(Lang::Ja),
                "en" | "英語" | "english" => Some(Lang::En),
                _ => None,
            }
            .map(|language| form.language = language),
        };
        understood.ok_or_else(|| Error::field(Code::WrongType, self.code()))
    }

    /// What a file says of a person.
    fn of(self, member: &Member, lang: Lang) -> String {
        let address = |channel| {
            let own = member.addresses.iter().find(|address| address.channel == channel);
            own.map(|address| address.value.clone()).unwrap_or_default()
        };
        match self {
            Self::Name => member.name.clone(),
            Self::Reading => member.reading.clone(),
            Self::LoginEmail => member.login_email.clone(),
            Self::NotificationEmail => member.notification_email.clone(),
            Self::Company => member.company_name.clone().unwrap_or_default(),
            Self::Department => member.department.clone(),
            Self::Title => member.title.clone(),
            Self::EmployeeNumber => member.employee_number.clone(),
            Self::Usable => {
                let words =
                    if member.usable { Text::new("はい", "yes") } else { Text::new("いいえ", "no") };
                words.get(lang).to_owned()
            }
            Self::Role => member.role.name().get(lang).to_owned(),
            Self::Language => member.language.tag().to_owned(),
            Self::LineworksId => address(Channel::Lineworks),
            Self::SlackId => address(Channel::Slack),
        }
    }
}

/// The first line of a file of people.
pub fn push_head(text: &mut String, lang: Lang) {
    let names: Vec<&str> = Column::ALL.iter().map(|column| column.name().get(lang)).collect();
    crate::csv::push_line(text, &names);
}

/// One person.
pub fn push_member(text: &mut String, member: &Member, lang: Lang) {
    let cells: Vec<String> = Column::ALL.iter().map(|column| column.of(member, lang)).collect();
    crate::csv::push_line(text, &cells);
}

fn yes_or_no(word: &str) -> Option<bool> {
    match word {
        "はい" | "可" | "有効" | "利用可" | "利用中" | "する" | "○" | "〇" | "1" | "true" | "yes" | "y"
        | "on" | "active" | "enabled" => Some(true),
        "いいえ" | "不可" | "無効" | "利用不可" | "停止" | "停止中" | "しない" | "×" | "✕" | "0"
        | "false" | "no" | "n" | "off" | "inactive" | "disabled" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        api::members::Address,
        channel::AddressState,
        csv::{read, unguarded},
        id::MemberId,
    };

    #[test]
    fn every_heading_is_known_in_both_languages() {
        for column in Column::ALL.iter().copied() {
            for heading in [column.name().ja, column.name().en, column.code()] {
                assert_eq!(Column::of_heading(heading), Some(column), "{heading}");
            }
            for other in column.others() {
                assert_eq!(folded(other), *other, "written as it is compared");
                assert_eq!(Column::of_heading(other), Some(column), "{other}");
            }
            assert_eq!(serde_json::to_string(&column).unwrap(), format!("\"{}\"", column.code()));
        }
        for (heading, column) in [
            (" メールアドレス ", Some(Column::LoginEmail)),
            ("フリガナ", Some(Column::Reading)),
            ("ﾌﾘｶﾞﾅ", Some(Column::Reading)),
            ("E-Mail", Some(Column::LoginEmail)),
            ("LINE WORKS ID", Some(Column::LineworksId)),
            ("社員No.", Some(Column::EmployeeNumber)),
            ("好きな色", None),
            ("", None),
        ] {
            assert_eq!(Column::of_heading(heading), column, "{heading}");
        }
        let headings = ["氏名", "メール", "名前", "?"].map(str::to_owned);
        assert_eq!(
            Column::of_headings(&headings),
            [Some(Column::Name), Some(Column::LoginEmail), None, None]
        );
    }

    #[test]
    fn a_cell_fills_its_field() {
        let mut form = MemberForm { department: "経理".into(), ..MemberForm::fresh() };
        for (column, cell, good) in [
            (Column::Name, "佐藤 花子", true),
            (Column::Department, "", true),
            (Column::Title, "'=課長", true),
            (Column::Usable, "×", true),
            (Column::Usable, "", true),
            (Column::Usable, "たぶん", false),
            (Column::Role, "会社の管理者", true),
            (Column::Role, "王", false),
            (Column::Language, "English", true),
            (Column::Language, "fr", false),
            (Column::Company, "みなと", true),
        ] {
            let filled = column.fill(cell, &mut form);
            assert_eq!(filled.is_ok(), good, "{cell}");
            if let Err(error) = filled {
                assert_eq!((error.code, error.field.as_deref()), (Code::WrongType, Some(column.code())));
            }
        }
        assert_eq!(
            (form.name.as_str(), form.department.as_str(), form.title.as_str()),
            ("佐藤 花子", "", "=課長")
        );
        assert_eq!((form.usable, form.role, form.language), (false, Role::CompanyAdmin, Lang::En));
    }

    #[test]
    fn what_is_written_reads_back() {
        let address = |channel, value: &str| Address {
            channel,
            value: value.into(),
            state: AddressState::Linked,
            on: true,
            last_ok_at: None,
        };
        let member = Member {
            id: MemberId::new(1, [2; 10]),
            name: "=cmd|' /C calc'!A0, \"佐藤\"".into(),
            reading: "さとう".into(),
            login_email: "sato@minato.example".into(),
            notification_email: "+sato@home.example".into(),
            department: "'=x".into(),
            title: String::new(),
            employee_number: "0042".into(),
            usable: false,
            company: None,
            company_name: Some("みなと".into()),
            role: Role::Admin,
            language: Lang::En,
            addresses: vec![address(Channel::Lineworks, "sato@minato"), address(Channel::Slack, "U0123")],
            version: 3,
            invited_at: None,
        };
        for lang in [Lang::Ja, Lang::En] {
            let mut text = String::new();
            push_head(&mut text, lang);
            push_member(&mut text, &member, lang);
            let lines = read(&text, 10).unwrap();
            let columns: Vec<Column> = Column::of_headings(&lines[0].cells).into_iter().flatten().collect();
            assert_eq!(columns, Column::ALL);
            let mut form = MemberForm::fresh();
            for (column, cell) in columns.into_iter().zip(&lines[1].cells) {
                column.fill(cell, &mut form).unwrap();
                assert!(!cell.starts_with(['=', '+', '@', '-']));
            }
            assert_eq!(MemberForm { version: Some(3), ..form }, member.form());
            assert_eq!(unguarded(&lines[1].cells[4]), "みなと");
        }
    }
}
