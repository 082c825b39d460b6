using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Kalisecu.Compliance;
using Kalisecu.Errors;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using NodaTime;
using NodaTime.Text;

namespace Kalisecu.Policies;

internal sealed class PolicyProto(ClauseCatalogue clauses)
{
    private const int MaximumText = 200_000;
    private const int MaximumSummary = 2_000;

    private static readonly string[] Changeable =
    [
        "effect_date",
        "substantial",
        "text_fr",
        "text_en",
        "summary_fr",
        "summary_en",
        "clause_ids",
    ];

    public PolicyDraft Read(V1.CreatePolicyVersionRequest request)
    {
        var violations = new Violations();
        var draft = new PolicyDraft(
            ReadDate(request.EffectDate, violations),
            request.Substantial,
            ReadText(request.TextFr, "text_fr", violations),
            ReadText(request.TextEn, "text_en", violations),
            Fields.Text(request.SummaryFr, "summary_fr", 0, MaximumSummary, violations),
            Fields.Text(request.SummaryEn, "summary_en", 0, MaximumSummary, violations),
            ReadClauses(request.ClauseIds, violations)
        );
        violations.ThrowIfAny();
        return draft;
    }

    /// <summary>What an update makes of a draft.</summary>
    public Func<PolicyDraft, PolicyDraft> Read(V1.UpdatePolicyVersionRequest request)
    {
        var violations = new Violations();
        var mask = Masks.Read(request.UpdateMask, Changeable, violations);
        var date = mask.Contains("effect_date") ? ReadDate(request.EffectDate, violations) : (LocalDate?)null;
        var textFr = mask.Contains("text_fr") ? ReadText(request.TextFr, "text_fr", violations) : null;
        var textEn = mask.Contains("text_en") ? ReadText(request.TextEn, "text_en", violations) : null;
        var summaryFr = mask.Contains("summary_fr")
            ? Fields.Text(request.SummaryFr, "summary_fr", 0, MaximumSummary, violations)
            : null;
        var summaryEn = mask.Contains("summary_en")
            ? Fields.Text(request.SummaryEn, "summary_en", 0, MaximumSummary, violations)
            : null;
        var contained = mask.Contains("clause_ids") ? ReadClauses(request.ClauseIds, violations) : null;
        violations.ThrowIfAny();
        return draft => new PolicyDraft(
            date ?? draft.EffectDate,
            mask.Contains("substantial") ? request.Substantial : draft.Substantial,
            textFr ?? draft.TextFr,
            textEn ?? draft.TextEn,
            summaryFr ?? draft.SummaryFr,
            summaryEn ?? draft.SummaryEn,
            contained ?? draft.ClauseIds
        );
    }

    public static Language ReadLanguage(V1.PolicyLanguage language)
    {
        if (language is V1.PolicyLanguage.Unspecified or V1.PolicyLanguage.Fr)
        {
            return Language.Fr;
        }

        if (language is V1.PolicyLanguage.En)
        {
            return Language.En;
        }

        var violations = new Violations();
        violations.Add("language", "must be one of the named values");
        violations.ThrowIfAny();
        return Language.Fr;
    }

    public static V1.PolicyVersion Write(PolicyVersion version)
    {
        var written = new V1.PolicyVersion
        {
            Number = (uint)version.Number,
            State = version.State switch
            {
                PolicyState.Draft => V1.PolicyState.Draft,
                PolicyState.Published => V1.PolicyState.Published,
                PolicyState.Discarded => V1.PolicyState.Discarded,
                _ => throw new InvalidOperationException($"No state of a policy: {version.State}"),
            },
            EffectDate = LocalDatePattern.Iso.Format(version.EffectDate),
            Substantial = version.Substantial,
            ClauseIds = { version.ClauseIds },
            SummaryFr = version.SummaryFr,
            SummaryEn = version.SummaryEn,
            CreateTime = Fields.Write(version.CreateTime),
            Digest = ByteString.CopyFrom(version.Digest ?? []),
            RecipientCount = (uint)version.RecipientCount,
            Etag = Etag.Write(version.Version),
        };
        if (version.PublishTime is { } published)
        {
            written.PublishTime = Fields.Write(published);
        }

        return written;
    }

    public static V1.PolicyText WriteText(PolicyVersion version, Language language) =>
        new()
        {
            Language = language is Language.Fr ? V1.PolicyLanguage.Fr : V1.PolicyLanguage.En,
            Markdown = version.Text(language),
            Html = PolicyHtml.Of(Title(version, language), version.Text(language), language),
        };

    private static string Title(PolicyVersion version, Language language) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(language is Language.Fr ? "Politique de confidentialité" : "Privacy policy")} ({version.EffectDate:uuuu-MM-dd})"
        );

    private static LocalDate ReadDate(string text, Violations violations)
    {
        if (LocalDatePattern.Iso.Parse(text).TryGetValue(default, out var date) && date.Year is >= 2000 and <= 2200)
        {
            return date;
        }

        violations.Add("effect_date", "must be a date such as 2027-01-31");
        return default;
    }

    private static string ReadText(string value, string field, Violations violations)
    {
        var text = Fields.Text(value.ReplaceLineEndings("\n"), field, 1, MaximumText, violations);
        violations.Check(
            text.Length > MaximumText || PolicyHtml.IsTame(text),
            field,
            "must hold no images, and links to web pages, mail addresses and places in the page only"
        );
        return text + "\n";
    }

    private List<string> ReadClauses(RepeatedField<string> ids, Violations violations)
    {
        violations.Check(
            ids.Count > 0 && ids.All(id => clauses.Find(id) is not null),
            "clause_ids",
            "must name one or more clauses, such as SEC-3"
        );
        var named = ids.ToHashSet(StringComparer.Ordinal);
        return [.. clauses.Clauses.Select(c => c.Id).Where(named.Contains)];
    }
}
