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
    /// Return the task of this token to an earlier one.
    Return(u32),
    /// Take back the step that was done with this token.
    TakeBack(u32),
    /// Send the step of this token to another task.
    Jump(u32),
    /// Leave the step of this token out.
    Skip(u32),
    /// Have a task done once more.
    AddStep,
    /// Take the task of this token.
    Claim(u32),
    /// Give it back.
    Release(u32),
    /// Lend it to an officer.
    Delegate(u32),
    /// End that.
    EndDelegation(u32),
    /// Hand the case to another unit.
    Transfer,
    /// Name an officer who helps.
    CoProcess,
    /// End that.
    EndCoProcess,
    /// Look at what somebody could still take back.
    Open,
    /// Note that what the token waits for has happened outside.
    Happen(u32),
    /// Begin an activity of the ad-hoc sub-process where the token stands.
    Choose(u32),
    /// Try the incident of this number again.
    Retry(u32),
    /// Mend the data of the process.
    SetData,
    /// Only the program itself.
    System,
}

impl Action {
    /// Acts that may be offered on a case page, in the order of the page; tasks come from the
    /// process.
    pub const ON_CASE: [Self; 34] = [
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
        Self::CoProcess,
        Self::EndCoProcess,
        Self::Transfer,
        Self::AddStep,
        Self::SetData,
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
            Self::Return(_) => "return",
            Self::TakeBack(_) => "take-back",
            Self::Jump(_) => "jump",
            Self::Skip(_) => "skip",
            Self::AddStep => "add-step",
            Self::Claim(_) => "claim",
            Self::Release(_) => "release",
            Self::Delegate(_) => "delegate",
            Self::EndDelegation(_) => "end-delegation",
            Self::Transfer => "transfer",
            Self::CoProcess => "co-process",
            Self::EndCoProcess => "end-co-process",
            Self::Open => "open",
            Self::Happen(_) => "happen",
            Self::Choose(_) => "choose",
            Self::Retry(_) => "retry",
            Self::SetData => "set-data",
            Self::System => "system",
        }
    }

    /// The number that belongs to the act: a token, or that of an incident.
    #[must_use]
    pub fn number(self) -> Option<u32> {
        match self {
            Self::Complete(n)
            | Self::SendBack(n)
            | Self::Return(n)
            | Self::TakeBack(n)
            | Self::Jump(n)
            | Self::Skip(n)
            | Self::Claim(n)
            | Self::Release(n)
            | Self::Delegate(n)
            | Self::EndDelegation(n)
            | Self::Happen(n)
            | Self::Choose(n)
            | Self::Retry(n) => Some(n),
            _ => None,
        }
    }

    /// The act of a key that belongs to a token or an incident.
    #[must_use]
    pub fn numbered(key: &str, n: u32) -> Option<Self> {
        let all = [
            Self::Complete(n),
            Self::SendBack(n),
            Self::Return(n),
            Self::TakeBack(n),
            Self::Jump(n),
            Self::Skip(n),
            Self::Claim(n),
            Self::Release(n),
            Self::Delegate(n),
            Self::EndDelegation(n),
            Self::Happen(n),
            Self::Choose(n),
            Self::Retry(n),
        ];
        all.into_iter().find(|action| action.key() == key)
    }

    /// The action of a key on a case page.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ON_CASE.into_iter().chain([Self::Note]).find(|a| a.key() == key)
    }
}
