using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Kalisecu.Errors;
using Kalisecu.Outbox;
using Kalisecu.Tenancy;
using NodaTime;
using TenantLanguage = Kalisecu.Tenants.V1.Language;

namespace Kalisecu.Consent;

internal static class ConsentProto
{
    /// <summary>Whom a call is about: the member of the session, or the person that staff, a form or a worker names.</summary>
    public static Guid ReadPerson(string personId, Caller caller, Violations violations)
    {
        if (caller.Person is not { IsStaff: false } member)
        {
            return Fields.Id(personId, "person_id", violations);
        }

        var named = Fields.OptionalId(personId, "person_id", violations) ?? member.PersonId;
        // The same words as for somebody who is not there: a member learns nothing of others.
        return named == member.PersonId || violations.Any ? named : throw ConsentErrors.PersonAbsent(named);
    }

    public static ConsentWord Read(V1.GiveConsentRequest request, Caller caller, Instant now)
    {
        var violations = new Violations();
        violations.Check(request.TextVersion >= 1, "text_version", "must be the version that the person was shown");
        violations.Check(request.Language != TenantLanguage.Unspecified, "language", "must be of the named values");
        return Read(
            request.PersonId,
            new ConsentWord(
                Guid.Empty,
                PurposeProto.ReadName(request.Purpose, "purpose", violations),
                ConsentEventKind.Given,
                ReadChannel(request.Channel, caller, violations),
                request.TextVersion,
                ReadLanguage(request.Language, violations),
                ReadMoment(request.EventTime, caller, now, violations)
            ),
            caller,
            violations
        );
    }

    public static ConsentWord Read(V1.RefuseConsentRequest request, Caller caller, Instant now)
    {
        var violations = new Violations();
        return Read(
            request.PersonId,
            new ConsentWord(
                Guid.Empty,
                PurposeProto.ReadName(request.Purpose, "purpose", violations),
                ConsentEventKind.Refused,
                ReadChannel(request.Channel, caller, violations),
                ReadVersion(request.TextVersion, violations),
                ReadLanguage(request.Language, violations),
                ReadMoment(request.EventTime, caller, now, violations)
            ),
            caller,
            violations
        );
    }

    public static ConsentWord Read(V1.WithdrawConsentRequest request, Caller caller, Instant now)
    {
        var violations = new Violations();
        return Read(
            request.PersonId,
            new ConsentWord(
                Guid.Empty,
                PurposeProto.ReadName(request.Purpose, "purpose", violations),
                ConsentEventKind.Withdrawn,
                ReadChannel(request.Channel, caller, violations),
                ReadVersion(request.TextVersion, violations),
                ReadLanguage(request.Language, violations),
                ReadMoment(request.EventTime, caller, now, violations)
            ),
            caller,
            violations
        );
    }

    public static (Guid PersonId, string Purpose, Instant Moment) Read(
        V1.GetConsentStateRequest request,
        Caller caller,
        Instant now
    )
    {
        var violations = new Violations();
        var purpose = PurposeProto.ReadName(request.Purpose, "purpose", violations);
        var moment = Fields.OptionalTime(request.AtTime, "at_time", violations) ?? now;
        violations.Check(moment <= now, "at_time", "must not lie in the future");
        var person = ReadPerson(request.PersonId, caller, violations);
        violations.ThrowIfAny();
        return (person, purpose, moment);
    }

    public static (Guid PersonId, string Purpose) Read(V1.CheckProcessingRequest request, Caller caller)
    {
        var violations = new Violations();
        var purpose = PurposeProto.ReadName(request.Purpose, "purpose", violations);
        var person = ReadPerson(request.PersonId, caller, violations);
        violations.ThrowIfAny();
        return (person, purpose);
    }

    public static V1.ConsentEvent Write(ConsentEvent consent) =>
        new()
        {
            EventId = consent.EventId.ToString("D"),
            PersonId = consent.PersonId.ToString("D"),
            Purpose = consent.Purpose,
            Kind = ConsentWords.Write(consent.Kind),
            TextVersion = consent.TextVersion,
            TextDigest = ByteString.CopyFrom(consent.TextDigest),
            Language = ConsentWords.Write(consent.Language),
            Channel = ConsentWords.Write(consent.Channel),
            EventTime = Fields.Write(consent.EventTime),
            RecordTime = Fields.Write(consent.RecordTime),
            ExpireTime = consent.ExpireTime is { } expires ? Fields.Write(expires) : null,
            Actor = consent.Actor,
            Number = consent.Number,
            Digest = ByteString.CopyFrom(consent.Digest),
        };

    public static V1.GetConsentStateResponse Write(ConsentMoment moment) =>
        new() { State = ConsentWords.Write(moment.Standing), Event = moment.Event is { } made ? Write(made) : null };

    public static V1.CheckProcessingResponse Write(ProcessingAnswer answer) =>
        new()
        {
            Allowed = answer.IsAllowed,
            Reason = ConsentWords.Write(answer.Reason),
            LegalBasis = PurposeProto.Write(answer.LegalBasis),
            TextVersion = answer.TextVersion ?? 0,
            EventTime = answer.EventTime is { } time ? Fields.Write(time) : null,
        };

    // Somebody else is refused only after everything else in the request is right: a member's mistake is told as one.
    private static ConsentWord Read(string personId, ConsentWord word, Caller caller, Violations violations)
    {
        var person = ReadPerson(personId, caller, violations);
        violations.ThrowIfAny();
        return word with { PersonId = person };
    }

    private static ConsentChannel ReadChannel(V1.ConsentChannel channel, Caller caller, Violations violations)
    {
        var isMember = caller.Person is { IsStaff: false };
        switch (channel)
        {
            case V1.ConsentChannel.Unspecified or V1.ConsentChannel.Dashboard when isMember:
                return ConsentChannel.Dashboard;
            case V1.ConsentChannel.Paper when !isMember:
                return ConsentChannel.Paper;
            case V1.ConsentChannel.Phone when !isMember:
                return ConsentChannel.Phone;
            case V1.ConsentChannel.Email when !isMember:
                return ConsentChannel.Email;
            default:
                violations.Add(
                    "channel",
                    isMember ? "must be your own session: leave it out" : "must be paper, phone or e-mail"
                );
                return ConsentChannel.Dashboard;
        }
    }

    private static Instant? ReadMoment(Timestamp? time, Caller caller, Instant now, Violations violations)
    {
        var moment = Fields.OptionalTime(time, "event_time", violations);
        violations.Check(
            moment is null || caller.Person is { IsStaff: true },
            "event_time",
            "is now for what is said in a session: leave it out"
        );
        violations.Check(!(moment > now), "event_time", "must not lie in the future");
        return moment;
    }

    private static int? ReadVersion(int version, Violations violations)
    {
        violations.Check(version >= 0, "text_version", "must be 1 or more, or 0 for the one that it is about");
        return version == 0 ? null : version;
    }

    private static Language? ReadLanguage(TenantLanguage language, Violations violations)
    {
        switch (language)
        {
            case TenantLanguage.Unspecified:
                return null;
            case TenantLanguage.Fr:
                return Language.Fr;
            case TenantLanguage.En:
                return Language.En;
            default:
                violations.Add("language", "must be of the named values");
                return null;
        }
    }
}
