using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Kalisecu.Time;
using NodaTime;

namespace Kalisecu.PrivacyRequests;

internal enum RequestChannel
{
    Session,
    Email,
    Paper,
}

internal enum PrivacyRequestState
{
    Received,
    Acknowledged,
    AwaitingIdentity,
    Completed,
    Refused,
    Withdrawn,
}

/// <summary>
/// What a person asked about their data. It stands under the platform, for one person may be known to several tenants; what
/// was written in it is sealed with the platform's key. How it is known who asks, and how it is answered,
/// stand in the other parts of this class.
/// </summary>
internal sealed partial class PrivacyRequest
{
    private readonly List<RequestedRight> _rights = [];

    private PrivacyRequest() { }

    public Guid TenantId { get; private init; }

    public Guid PrivacyRequestId { get; private init; }

    public RequestChannel Channel { get; private init; }

    public PrivacyRequestState State { get; private set; }

    public Language Language { get; private init; }

    public LocalDate ReceivedDate { get; private init; }

    /// <summary>The earlier date, by which alarms go: suspended days are not added.</summary>
    public LocalDate DueDate { get; private set; }

    /// <summary>The later date, once the clock was suspended and ran again; null otherwise.</summary>
    public LocalDate? SuspendedDueDate { get; private set; }

    public string RuleVersion { get; private init; } = "";

    public int SuspendedDays { get; private set; }

    /// <summary>The day since which the clock stands; null while it runs.</summary>
    public LocalDate? SuspendDate { get; private set; }

    public byte[]? Email { get; private init; }

    public byte[]? EmailHash { get; private init; }

    public byte[]? RequesterName { get; private init; }

    public byte[]? PostalAddress { get; private init; }

    public byte[]? Details { get; private init; }

    public Guid? MemberTenantId { get; private init; }

    public Guid? MemberId { get; private init; }

    public Guid? LinkedPrivacyRequestId { get; private init; }

    public Instant CreateTime { get; private init; }

    public Instant? AcknowledgeTime { get; private set; }

    public Instant? ExtendTime { get; private set; }

    public byte[]? ExtendReasons { get; private set; }

    /// <summary>When the notice of the extension was sent: the later date counts from then on, not from when it was written.</summary>
    public Instant? ExtendNoticeTime { get; private set; }

    public Instant? CloseTime { get; private set; }

    public byte[]? CloseReasons { get; private set; }

    public bool AnsweredLate { get; private set; }

    /// <summary>When somebody is reminded next; null once closed. The worker looks at nothing else.</summary>
    public Instant? NextAlarmTime { get; private set; }

    /// <summary>Moves with every change, also of a right: two who act at once are told.</summary>
    public Instant UpdateTime { get; private set; }

    public uint Version { get; private set; }

    public IReadOnlyList<RequestedRight> Rights => _rights;

    public bool IsOpen =>
        State
            is PrivacyRequestState.Received
                or PrivacyRequestState.Acknowledged
                or PrivacyRequestState.AwaitingIdentity;

    /// <summary>A short name for letters: no address or name, and the same on every machine.</summary>
    public string Reference => ReferenceOf(PrivacyRequestId);

    /// <summary>The last day that an extension gives.</summary>
    public LocalDate ExtendedDueDate => Clock.ExtendedDue;

    // GDPR art. 12(3): the person is *informed* within the first month; a notice that left later extends nothing.
    private bool IsExtended => ExtendNoticeTime is { } sent && Clock.MayExtendAt(sent);

    private ResponseClock Clock => ResponseClock.Stored(ReceivedDate, RuleVersion);

    public static PrivacyRequest Receive(PrivacyRequestDraft draft, Sealing seal, FrenchHolidays holidays, Instant now)
    {
        var id = Ids.New(now);
        var clock = new ResponseClock(draft.ReceivedDate, holidays);
        var request = new PrivacyRequest
        {
            TenantId = TenantScope.Platform,
            PrivacyRequestId = id,
            Channel = draft.Channel,
            State = PrivacyRequestState.Received,
            Language = draft.Language,
            ReceivedDate = draft.ReceivedDate,
            DueDate = clock.Due,
            RuleVersion = clock.RuleVersion,
            Email = seal(draft.Email, "email", id),
            EmailHash = draft.EmailHash,
            RequesterName = seal(draft.RequesterName, "requester_name", id),
            PostalAddress = seal(draft.PostalAddress, "postal_address", id),
            Details = seal(draft.Details, "details", id),
            MemberTenantId = draft.Member?.TenantId,
            MemberId = draft.Member?.PersonId,
            LinkedPrivacyRequestId = draft.LinkedPrivacyRequestId,
            CreateTime = Moment.Stored(now),
        };
        request._rights.AddRange(draft.Rights.Select(r => RequestedRight.Of(request.TenantId, id, r)));
        request.Changed(now);
        return request;
    }

    public static string ReferenceOf(Guid privacyRequestId)
    {
        // The random end of the identifier.
        var digits = privacyRequestId.ToString("N").ToUpperInvariant();
        return $"{digits[^10..^5]}-{digits[^5..]}";
    }

    public void Acknowledge(Instant now)
    {
        RequireOpen();
        if (AcknowledgeTime is not null)
        {
            throw PrivacyRequestErrors.Acknowledged(PrivacyRequestId);
        }

        AcknowledgeTime = Moment.Stored(now);
        if (State == PrivacyRequestState.Received)
        {
            State = PrivacyRequestState.Acknowledged;
        }

        Changed(now);
    }

    /// <summary>Another person is meant too, or another original came.</summary>
    public void Touch(Instant now) => Changed(now);

    public void RequireOpen()
    {
        if (!IsOpen)
        {
            throw PrivacyRequestErrors.Closed(PrivacyRequestId, State);
        }
    }

    /// <summary>The last day for the answer, with the days suspended up to today.</summary>
    public LocalDate LastDay(LocalDate today)
    {
        var days = SuspendedDays + (SuspendDate is { } since ? new Suspension(since, null).DaysBy(today) : 0);
        return IsExtended ? Clock.ExtendedDueAfter(days) : Clock.DueAfter(days);
    }

    public bool IsOverdueOn(LocalDate today) => IsOpen && today > LastDay(today);

    public bool MayExtendAt(Instant now) => IsOpen && ExtendTime is null && Clock.MayExtendAt(now);

    /// <summary>How long request, originals and answer are kept as proof; null while it is open.</summary>
    public LocalDate? KeptUntil => CloseTime is { } closed ? CalendarPeriod.Proof.LastDay(Paris.DateOf(closed)) : null;

    /// <summary>The day on which they go.</summary>
    public LocalDate? GoesOn => KeptUntil?.PlusDays(1);

    /// <summary>The alarm that is due; the next one is set.</summary>
    public RequestAlarm? Alarm(Instant now)
    {
        var alarm = NextAlarmTime <= now && IsOpen ? RequestAlarms.LastUpTo(now, DueDate, SuspendedDueDate) : null;
        SetAlarm(now);
        return alarm;
    }

    // The roll may swallow the days.
    private LocalDate? LaterDate()
    {
        var later = IsExtended ? Clock.ExtendedDueAfter(SuspendedDays) : Clock.DueAfter(SuspendedDays);
        return later > DueDate ? later : null;
    }

    private void Changed(Instant now)
    {
        UpdateTime = Moment.Stored(now);
        SetAlarm(now);
    }

    private void SetAlarm(Instant now) =>
        NextAlarmTime = IsOpen ? RequestAlarms.NextAfter(now, DueDate, SuspendedDueDate).Time : null;
}

/// <summary>Seals a text with the platform's key, bound to what it is and whose; nothing where there is none.</summary>
internal delegate byte[]? Sealing(string text, string what, Guid owner);
