//! The acts that the policy and the pages know, without their data.

/// An act on a case.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Action {
    /// Hand in from outside.
    Submit,
    /// Enter at the counter.
    Register,
    /// Accept.
    Accept,
    /// Ask for more before acceptance.
    AskPreSupplement,
    /// Give it.
    GivePreSupplement,
    /// Refuse to accept.
    Reject,
    /// Cancel an acceptance.
    VoidAcceptance,
    /// Forward.
    Forward,
    /// Do the task of this token.
    Complete(u32),
    /// Send the task of this token back.
    SendBack(u32),
    /// Ask for more after acceptance.
    AskSupplement,
    /// Give it.
    GiveSupplement,
    /// Take it at the desk.
    AcceptSupplement,
    /// Stop since nothing came in.
    StopUnanswered,
    /// Open a financial duty.
    OpenFinance,
    /// Close it.
    CloseFinance,
    /// Ask to withdraw.
    AskWithdrawal,
    /// Decide on it.
    DecideWithdrawal,
    /// Stop.
    Stop,
    /// Suspend.
    Suspend,
    /// Resume.
    Resume,
    /// Draft an extension.
    DraftExtension,
    /// Grant it.
    GrantExtension,
    /// Hand over.
    Deliver,
    /// Take over for the post.
    PostCollect,
    /// Delivered by post.
    PostDeliver,
    /// Delivery failed.
    PostFail,
    /// Brought back.
    PostReturn,
    /// Name another officer.
    Reassign,
    /// Take money.
    Pay,
    /// Give money back.
    Refund,
    /// Waive the fee.
    Waive,
    /// Note.
    Note,
    /// New PIN.
    RenewPin,
    /// Only the program itself.
    System,
}

impl Action {
    /// Acts that may be offered on a case page, in the order of the page; tasks come from the
    /// process.
    pub const ON_CASE: [Self; 29] = [
        Self::Accept,
        Self::Forward,
        Self::AcceptSupplement,
        Self::DecideWithdrawal,
        Self::GrantExtension,
        Self::Resume,
        Self::CloseFinance,
        Self::Deliver,
        Self::PostCollect,
        Self::PostDeliver,
        Self::PostFail,
        Self::PostReturn,
        Self::Pay,
        Self::AskPreSupplement,
        Self::GivePreSupplement,
        Self::AskSupplement,
        Self::GiveSupplement,
        Self::OpenFinance,
        Self::DraftExtension,
        Self::Reassign,
        Self::Suspend,
        Self::Waive,
        Self::RenewPin,
        Self::AskWithdrawal,
        Self::Refund,
        Self::StopUnanswered,
        Self::Reject,
        Self::Stop,
        Self::VoidAcceptance,
    ];

    /// Key in addresses and texts.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Submit => "submit",
            Self::Register => "register",
            Self::Accept => "accept",
            Self::AskPreSupplement => "ask-pre-supplement",
            Self::GivePreSupplement => "give-pre-supplement",
            Self::Reject => "reject",
            Self::VoidAcceptance => "void-acceptance",
            Self::Forward => "forward",
            Self::Complete(_) => "complete",
            Self::SendBack(_) => "send-back",
            Self::AskSupplement => "ask-supplement",
            Self::GiveSupplement => "give-supplement",
            Self::AcceptSupplement => "accept-supplement",
            Self::StopUnanswered => "stop-unanswered",
            Self::OpenFinance => "open-finance",
            Self::CloseFinance => "close-finance",
            Self::AskWithdrawal => "ask-withdrawal",
            Self::DecideWithdrawal => "decide-withdrawal",
            Self::Stop => "stop",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::DraftExtension => "draft-extension",
            Self::GrantExtension => "grant-extension",
            Self::Deliver => "deliver",
            Self::PostCollect => "post-collect",
            Self::PostDeliver => "post-deliver",
            Self::PostFail => "post-fail",
            Self::PostReturn => "post-return",
            Self::Reassign => "reassign",
            Self::Pay => "pay",
            Self::Refund => "refund",
            Self::Waive => "waive",
            Self::Note => "note",
            Self::RenewPin => "renew-pin",
            Self::System => "system",
        }
    }

    /// The action of a key on a case page.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ON_CASE.into_iter().chain([Self::Note]).find(|a| a.key() == key)
    }
}
