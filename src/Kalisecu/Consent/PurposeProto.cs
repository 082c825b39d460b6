using System.Text.RegularExpressions;
using Google.Protobuf;
using Kalisecu.Errors;
using Kalisecu.Outbox;
using Kalisecu.Persistence;

namespace Kalisecu.Consent;

internal static partial class PurposeProto
{
    private static readonly HashSet<string> Categories =
    [
        .. Enum.GetNames<DataCategory>().Select(name => name.ToLowerInvariant()),
    ];

    public static PurposeDraft Read(V1.DefinePurposeRequest request)
    {
        var violations = new Violations();
        var basis = ReadBasis(request.LegalBasis, violations);
        violations.Check(
            request.DataCategories.Count is >= 1 and <= 20 && request.DataCategories.All(Categories.Contains),
            "data_categories",
            "must be 1 to 20 of " + string.Join(", ", Categories.Order(StringComparer.Ordinal))
        );
        violations.Check(request.Recipients.Count <= 20, "recipients", "must be at most 20");
        violations.Check(
            request.ConsentMonths is >= 0 and <= 120 && (request.ConsentMonths == 0 || basis == LegalBasis.Consent),
            "consent_months",
            "must be 0 to 120, and 0 where the basis is not consent"
        );
        var draft = new PurposeDraft(
            ReadName(request.Purpose, "purpose", violations),
            basis,
            ReadText(request.French, "french", violations),
            ReadText(request.English, "english", violations),
            [.. request.DataCategories.Distinct(StringComparer.Ordinal)],
            [.. request.Recipients.Select((r, i) => Fields.Text(r, $"recipients[{i}]", 1, 200, violations))],
            request.ConsentMonths
        );
        violations.ThrowIfAny();
        return draft;
    }

    public static (string Purpose, int Version) Read(V1.GetPurposeRequest request)
    {
        var violations = new Violations();
        var name = ReadName(request.Purpose, "purpose", violations);
        violations.Check(request.Version >= 0, "version", "must be 1 or more, or 0 for the current one");
        violations.ThrowIfAny();
        return (name, request.Version);
    }

    public static string ReadName(string name, string field, Violations violations)
    {
        violations.Check(Name().IsMatch(name), field, "must be 2 to 40 of a-z, 0-9 and underscore, a letter first");
        return name;
    }

    public static V1.Purpose Write(PurposeVersion purpose) =>
        new()
        {
            Purpose_ = purpose.Purpose,
            Version = purpose.Version,
            LegalBasis = Write(purpose.LegalBasis),
            French = WriteText(purpose, Language.Fr),
            English = WriteText(purpose, Language.En),
            DataCategories = { purpose.DataCategories },
            Recipients = { purpose.Recipients },
            ConsentMonths = purpose.ConsentMonths,
            CreateTime = Fields.Write(purpose.CreateTime),
            Actor = purpose.Actor,
        };

    public static V1.LegalBasis Write(LegalBasis basis) =>
        basis switch
        {
            LegalBasis.Consent => V1.LegalBasis.Consent,
            LegalBasis.Contract => V1.LegalBasis.Contract,
            LegalBasis.LegalObligation => V1.LegalBasis.LegalObligation,
            LegalBasis.LegitimateInterest => V1.LegalBasis.LegitimateInterest,
            _ => throw new InvalidOperationException($"No basis: {basis}"),
        };

    private static LegalBasis ReadBasis(V1.LegalBasis basis, Violations violations)
    {
        switch (basis)
        {
            case V1.LegalBasis.Consent:
                return LegalBasis.Consent;
            case V1.LegalBasis.Contract:
                return LegalBasis.Contract;
            case V1.LegalBasis.LegalObligation:
                return LegalBasis.LegalObligation;
            case V1.LegalBasis.LegitimateInterest:
                return LegalBasis.LegitimateInterest;
            default:
                violations.Add("legal_basis", "must be of the named values");
                return LegalBasis.Consent;
        }
    }

    private static PurposeText ReadText(V1.PurposeText? text, string field, Violations violations) =>
        new(
            Fields.Text(text?.Title ?? "", $"{field}.title", 1, 120, violations),
            Fields.Text(text?.Text ?? "", $"{field}.text", 1, 4000, violations),
            Fields.Text(text?.Retention ?? "", $"{field}.retention", 1, 500, violations)
        );

    private static V1.PurposeText WriteText(PurposeVersion purpose, Language language)
    {
        var text = purpose.TextIn(language);
        return new V1.PurposeText
        {
            Title = text.Title,
            Text = text.Text,
            Retention = text.Retention,
            Digest = ByteString.CopyFrom(purpose.DigestIn(language)),
        };
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{1,39}$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
