//! Set-up, sign-in, who am I.

use serde::{Deserialize, Serialize};

use crate::{
    channel::Channel,
    id::{CompanyId, MemberId, WorkspaceId},
    lang::Lang,
};

/// `GET /api/public`: what a page may know before anybody signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Public {
    /// `None` before set-up.
    pub workspace: Option<PublicWorkspace>,
    /// Links to this machine are allowed; never in production.
    pub development: bool,
    /// Channels by whose provider people can sign in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sign_in: Vec<Channel>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicWorkspace {
    pub id: WorkspaceId,
    pub name: String,
}

/// `POST /api/setup` → 201 [`Me`] and the session cookie.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetupRequest {
    /// The operator's `SETUP_TOKEN`.
    pub token: String,
    /// Name of the workspace, at most 100 characters.
    pub workspace: String,
    /// The first owner.
    pub name: String,
    pub email: String,
    #[serde(default)]
    pub language: Lang,
}

/// `POST /api/sign-in/code` → 204, whether or not somebody has that address. Sends six digits by mail or over
/// a linked channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeRequest {
    /// Login email.
    pub email: String,
}

/// `POST /api/sign-in` → 200 [`Me`] and the session cookie.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInRequest {
    pub email: String,
    /// Six digits; spaces and wide digits are understood.
    pub code: String,
}

/// `POST /api/sign-in/link` → 200 [`Me`] and the session cookie. The page `/s/{token}` posts it, so that link
/// scanners, which only GET, cannot use it up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkSignInRequest {
    pub token: String,
}

/// `POST /api/v1/members/{id}/sign-in-link` (admin) → 201. Single use, 30 minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInLink {
    pub url: String,
    /// Milliseconds UTC.
    pub expires_at: i64,
}

/// `GET /api/me`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    pub id: MemberId,
    pub name: String,
    pub role: Role,
    pub company: Option<CompanyId>,
    pub language: Lang,
    pub workspace: PublicWorkspace,
}

/// What a member may do. The order is the order of power.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    #[default]
    Member,
    /// Admin inside the own company only.
    CompanyAdmin,
    Admin,
    Owner,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Member, Self::CompanyAdmin, Self::Admin, Self::Owner];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::CompanyAdmin => "company_admin",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// Runs the whole workspace.
    #[must_use]
    pub const fn is_admin(self) -> bool {
        matches!(self, Self::Admin | Self::Owner)
    }

    /// Runs a company at least: the console is for them.
    #[must_use]
    pub const fn runs_company(self) -> bool {
        !matches!(self, Self::Member)
    }

    #[must_use]
    pub const fn name(self) -> crate::lang::Text {
        use crate::lang::Text;
        match self {
            Self::Member => Text::new("メンバー", "Member"),
            Self::CompanyAdmin => Text::new("会社の管理者", "Company admin"),
            Self::Admin => Text::new("管理者", "Admin"),
            Self::Owner => Text::new("オーナー", "Owner"),
        }
    }
}
