using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Kalisecu.Time;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.Retention;

/// <summary>Holds on the wire.</summary>
internal static class LegalHoldProto
{
    // Longer, and nobody who placed it is sure to be asked.
    private const int ReviewWithinYears = 2;

    public static LegalHoldDraft Read(V1.PlaceLegalHoldRequest request, Caller caller, KeepingRules rules, Instant now)
    {
        var violations = new Violations();
        var tenant = Fields.OptionalId(request.HeldTenantId, "held_tenant_id", violations);
        var person = Fields.OptionalId(request.PersonId, "person_id", violations);
        var owner = Fields.OptionalId(request.OwnerId, "owner_id", violations) ?? caller.Person?.PersonId;
        var rule = request.Rule.Length == 0 ? null : rules.Find(request.Rule);
        violations.Check(request.Rule.Length == 0 || rule is not null, "rule", "must be the name of a rule, or empty");
        violations.Check(
            request.RowKey.Length == 0 || (rule is not null && person is null && request.RowKey.Length <= 200),
            "row_key",
            "needs a rule and no person, 200 characters at most"
        );
        violations.Check(
            tenant is not null || person is not null || rule is not null,
            "held_tenant_id",
            "needed unless a person or a rule is named"
        );
        violations.Check(owner is not null, "owner_id", "needed where nobody is signed in");
        var article = Fields.Text(request.Article, "article", 3, 100, violations);
        var reference = Fields.Text(request.Reference, "reference", 1, 200, violations);
        var review = ReadReview(request.ReviewDate, now, violations);
        violations.ThrowIfAny();
        return new LegalHoldDraft(
            tenant ?? TenantScope.Platform,
            person,
            rule?.Name,
            request.RowKey.Length == 0 ? null : request.RowKey,
            owner!.Value,
            article,
            reference,
            review
        );
    }

    public static LocalDate ReadReview(string text, Instant now, Violations violations)
    {
        var today = Paris.DateOf(now);
        var isDate = LocalDatePattern.Iso.Parse(text).TryGetValue(default, out var date);
        violations.Check(
            isDate && date > today && date <= today.PlusYears(ReviewWithinYears),
            "review_date",
            $"must be a day (ISO 8601) after today and within {ReviewWithinYears} years"
        );
        return date;
    }

    public static Guid ReadId(string holdId, Violations violations) => Fields.Id(holdId, "hold_id", violations);

    public static V1.LegalHold Write(LegalHold hold, Instant now)
    {
        var written = new V1.LegalHold
        {
            HoldId = hold.HoldId.ToString("D"),
            HeldTenantId = RetentionProto.WriteTenant(hold.HeldTenantId),
            PersonId = hold.PersonId?.ToString("D") ?? "",
            Rule = hold.Rule ?? "",
            RowKey = hold.RowKey ?? "",
            OwnerId = hold.OwnerId.ToString("D"),
            Article = hold.Article,
            Reference = hold.Reference,
            ReviewDate = RetentionProto.Write(hold.ReviewDate),
            ReviewLate = hold.IsReviewLate(now),
            PlaceTime = Fields.Write(hold.PlaceTime),
        };
        if (hold.ReviewTime is { } reviewed)
        {
            written.ReviewTime = Fields.Write(reviewed);
        }

        if (hold.ReleaseTime is { } released)
        {
            written.ReleaseTime = Fields.Write(released);
        }

        return written;
    }
}
