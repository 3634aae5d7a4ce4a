use super::*;

const FACTS: Facts = Facts {
    channel: Channel::Lineworks,
    connected: true,
    rule: true,
    preference: true,
    channel_on: true,
    address: Some(AddressState::Linked),
};
const NOTICE: Notice = Notice {
    urgency: Urgency::Normal,
    mandatory: false,
    usable: true,
    scheduled: false,
    spare_paid: false,
    quiet_until: None,
};

#[test]
fn one_channel_table() {
    let mandatory = Notice { mandatory: true, ..NOTICE };
    let cases = [
        (NOTICE, FACTS, Decision::Deliver, Reason::Allowed),
        (
            NOTICE,
            Facts { address: Some(AddressState::Unverified), ..FACTS },
            Decision::Deliver,
            Reason::Allowed,
        ),
        (Notice { scheduled: true, ..NOTICE }, FACTS, Decision::Hold, Reason::Scheduled),
        (
            NOTICE,
            Facts { channel: Channel::Line, address: Some(AddressState::Unverified), ..FACTS },
            Decision::Skip,
            Reason::NotAFriend,
        ),
        (NOTICE, Facts { preference: false, ..FACTS }, Decision::Skip, Reason::PreferenceOff),
        (mandatory, Facts { preference: false, ..FACTS }, Decision::Deliver, Reason::Mandatory),
        (NOTICE, Facts { channel_on: false, ..FACTS }, Decision::Skip, Reason::ChannelOff),
        (NOTICE, Facts { rule: false, ..FACTS }, Decision::Skip, Reason::RuleOff),
        (mandatory, Facts { rule: false, ..FACTS }, Decision::Skip, Reason::RuleOff),
        (NOTICE, Facts { connected: false, ..FACTS }, Decision::Skip, Reason::ChannelNotConnected),
        (NOTICE, Facts { address: None, ..FACTS }, Decision::Skip, Reason::NoAddress),
        (
            NOTICE,
            Facts { address: Some(AddressState::Blocked), ..FACTS },
            Decision::Skip,
            Reason::AddressBlocked,
        ),
        (
            NOTICE,
            Facts { address: Some(AddressState::Broken), ..FACTS },
            Decision::Skip,
            Reason::AddressBroken,
        ),
        (Notice { usable: false, ..mandatory }, FACTS, Decision::Skip, Reason::MemberNotUsable),
    ];
    for (notice, facts, decision, reason) in cases {
        assert_eq!(decide(notice, &[facts]), [(facts.channel, decision, reason)], "{notice:?} {facts:?}");
    }
}

#[test]
fn a_critical_notice_finds_a_way_through_switches_but_not_through_blocks() {
    let critical = Notice { urgency: Urgency::Critical, ..NOTICE };
    let off = Facts { channel_on: false, ..FACTS };
    let blocked = Facts { channel: Channel::Line, address: Some(AddressState::Blocked), ..FACTS };
    let mail = Facts { channel: Channel::Email, ..FACTS };
    assert_eq!(
        decide(critical, &[off, blocked]),
        [
            (Channel::Lineworks, Decision::Deliver, Reason::AtLeastOne),
            (Channel::Line, Decision::Skip, Reason::AddressBlocked)
        ]
    );
    assert_eq!(decide(critical, &[off, mail])[0].2, Reason::ChannelOff);
    assert_eq!(decide(NOTICE, &[off])[0].1, Decision::Skip);
}

#[test]
fn paid_messages_are_spared_only_where_another_channel_reaches_the_person() {
    let spare = Notice { spare_paid: true, ..NOTICE };
    let line = Facts { channel: Channel::Line, ..FACTS };
    let reasons =
        |notice, facts: &[Facts]| decide(notice, facts).into_iter().map(|one| one.2).collect::<Vec<_>>();
    assert_eq!(reasons(spare, &[FACTS, line]), [Reason::Allowed, Reason::PaidSpared]);
    assert_eq!(
        reasons(spare, &[Facts { channel_on: false, ..FACTS }, line]),
        [Reason::ChannelOff, Reason::Allowed]
    );
    assert_eq!(reasons(NOTICE, &[FACTS, line]), [Reason::Allowed, Reason::Allowed]);
    let critical = Notice { urgency: Urgency::Critical, ..spare };
    assert_eq!(reasons(critical, &[FACTS, line]), [Reason::Allowed, Reason::Allowed]);
}

#[test]
fn quiet_time_holds_what_is_not_critical() {
    let quiet = Notice { quiet_until: Some(7), ..NOTICE };
    let later = Notice { scheduled: true, ..quiet };
    let mandatory = Notice { mandatory: true, ..quiet };
    let critical = Notice { urgency: Urgency::Critical, ..quiet };
    let off = Facts { channel_on: false, ..FACTS };
    for (notice, facts, decision, reason) in [
        (quiet, FACTS, Decision::Hold, Reason::QuietTime),
        (Notice { urgency: Urgency::Low, ..quiet }, FACTS, Decision::Hold, Reason::QuietTime),
        // Quiet when it was to be sent.
        (later, FACTS, Decision::Hold, Reason::QuietTime),
        (mandatory, Facts { preference: false, ..FACTS }, Decision::Hold, Reason::QuietTime),
        (mandatory, off, Decision::Hold, Reason::AtLeastOne),
        (quiet, off, Decision::Skip, Reason::ChannelOff),
        (critical, FACTS, Decision::Deliver, Reason::Allowed),
        (critical, off, Decision::Deliver, Reason::AtLeastOne),
    ] {
        assert_eq!(decide(notice, &[facts]), [(facts.channel, decision, reason)], "{notice:?} {facts:?}");
        assert_eq!(notice.waits_until().is_some(), notice != critical);
    }
}

#[test]
fn every_combination_has_one_decision_and_a_matching_reason() {
    let bools = [false, true];
    let addresses = [
        None,
        Some(AddressState::Unverified),
        Some(AddressState::Linked),
        Some(AddressState::Blocked),
        Some(AddressState::Broken),
    ];
    for urgency in Urgency::ALL {
        for bits in 0..256u32 {
            let bit = |index: u32| bools[usize::from(bits >> index & 1 == 1)];
            for address in addresses {
                let notice = Notice {
                    urgency,
                    mandatory: bit(0),
                    usable: bit(1),
                    scheduled: bit(2),
                    spare_paid: bit(0),
                    quiet_until: bit(7).then_some(1),
                };
                let facts = Facts {
                    channel: Channel::Email,
                    connected: bit(3),
                    rule: bit(4),
                    preference: bit(5),
                    channel_on: bit(6),
                    address,
                };
                let decided = decide(notice, &[facts]);
                let (_, decision, reason) = decided[0];
                let sends = matches!(
                    reason,
                    Reason::Allowed
                        | Reason::Mandatory
                        | Reason::AtLeastOne
                        | Reason::Scheduled
                        | Reason::QuietTime
                );
                assert_eq!(decision != Decision::Skip, sends, "{notice:?} {facts:?} {reason:?}");
                assert_eq!(Reason::from_code(reason.code()), Some(reason));
            }
        }
    }
}
