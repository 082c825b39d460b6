using System.Text.RegularExpressions;
using Kalisecu.Errors;
using Kalisecu.Persistence;

namespace Kalisecu.Tenants;

internal static partial class TenantProto
{
    private static readonly string[] Changeable = ["display_name", "siren", "plan", "language"];

    public static TenantDraft Read(V1.CreateTenantRequest request)
    {
        var violations = new Violations();
        violations.Check(Slug().IsMatch(request.Slug), "slug", "must have 3 to 40 characters of a-z, 0-9 and hyphen");
        var draft = new TenantDraft(
            Fields.Line(request.DisplayName, "display_name", 1, 200, violations),
            request.Slug,
            ReadSiren(request.Siren, violations),
            ReadPlan(request.Plan, violations),
            request.Language == V1.Language.Unspecified ? Language.Fr : ReadLanguage(request.Language, violations)
        );
        violations.ThrowIfAny();
        return draft;
    }

    public static TenantChange Read(V1.UpdateTenantRequest request)
    {
        var violations = new Violations();
        var mask = Masks.Read(request.UpdateMask, Changeable, violations);
        var change = new TenantChange(
            mask.Contains("display_name") ? Fields.Line(request.DisplayName, "display_name", 1, 200, violations) : null,
            mask.Contains("siren"),
            mask.Contains("siren") ? ReadSiren(request.Siren, violations) : null,
            mask.Contains("plan") ? ReadPlan(request.Plan, violations) : null,
            mask.Contains("language") ? ReadLanguage(request.Language, violations) : null
        );
        violations.ThrowIfAny();
        return change;
    }

    public static string ReadReason(V1.CloseTenantRequest request)
    {
        var violations = new Violations();
        var reason = Fields.Text(request.Reason, "reason", 1, 500, violations);
        violations.ThrowIfAny();
        return reason;
    }

    public static IReadOnlyList<TenantState> ReadStates(IEnumerable<V1.TenantState> states, Violations violations) =>
        [
            .. states.Select(state =>
                state switch
                {
                    V1.TenantState.Open => TenantState.Open,
                    V1.TenantState.Closed => TenantState.Closed,
                    _ => Bad("states", TenantState.Open, violations),
                }
            ),
        ];

    public static V1.Tenant Write(Tenant tenant)
    {
        var written = new V1.Tenant
        {
            TenantId = tenant.TenantId.ToString("D"),
            DisplayName = tenant.DisplayName,
            Slug = tenant.Slug,
            Siren = tenant.Siren ?? "",
            Plan = tenant.Plan switch
            {
                Plan.Audit => V1.Plan.Audit,
                Plan.Surveillance => V1.Plan.Surveillance,
                Plan.Pilot => V1.Plan.Pilot,
                _ => throw new InvalidOperationException($"No plan: {tenant.Plan}"),
            },
            Language = tenant.Language switch
            {
                Language.Fr => V1.Language.Fr,
                Language.En => V1.Language.En,
                _ => throw new InvalidOperationException($"No language: {tenant.Language}"),
            },
            State = tenant.State == TenantState.Open ? V1.TenantState.Open : V1.TenantState.Closed,
            CreateTime = Fields.Write(tenant.CreateTime),
            Etag = Etag.Write(tenant.Version),
        };
        if (tenant.CloseTime is { } closed)
        {
            written.CloseTime = Fields.Write(closed);
        }

        return written;
    }

    private static Plan ReadPlan(V1.Plan plan, Violations violations) =>
        plan switch
        {
            V1.Plan.Audit => Plan.Audit,
            V1.Plan.Surveillance => Plan.Surveillance,
            V1.Plan.Pilot => Plan.Pilot,
            _ => Bad("plan", Plan.Audit, violations),
        };

    private static Language ReadLanguage(V1.Language language, Violations violations) =>
        language switch
        {
            V1.Language.Fr => Language.Fr,
            V1.Language.En => Language.En,
            _ => Bad("language", Language.Fr, violations),
        };

    private static string? ReadSiren(string siren, Violations violations)
    {
        if (siren.Length == 0)
        {
            return null;
        }

        violations.Check(IsSiren(siren), "siren", "must have 9 digits, the last of them the right check digit");
        return siren;
    }

    /// <summary>Code de commerce, R. 123-221: eight digits and a check digit, by Luhn's rule (ISO/IEC 7812-1, annex B).</summary>
    internal static bool IsSiren(string text)
    {
        if (text.Length != 9 || !text.All(char.IsAsciiDigit))
        {
            return false;
        }

        var sum = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var digit = text[i] - '0';
            var weighted = i % 2 == 1 ? digit * 2 : digit;
            sum += weighted > 9 ? weighted - 9 : weighted;
        }

        return sum % 10 == 0;
    }

    private static T Bad<T>(string field, T instead, Violations violations)
    {
        violations.Add(field, "must be one of the named values");
        return instead;
    }

    [GeneratedRegex(@"\A[a-z0-9-]{3,40}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Slug();
}
