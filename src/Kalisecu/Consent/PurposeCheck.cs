using Kalisecu.Compliance;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Consent;

/// <summary>
/// Clause DATA-4: every column about persons, and what processors get, serves a purpose of the policy; and people are told
/// these purposes, in words that were not changed since.
/// </summary>
internal sealed class PurposeCheck(AllTenants allTenants) : IClauseCheck
{
    // Those of the clause, and the security of the platform, which DATA-5 names.
    private static readonly Dictionary<string, Purpose> Promised = new(StringComparer.Ordinal)
    {
        ["service"] = Purpose.Service,
        ["invoicing"] = Purpose.Invoicing,
        ["communication"] = Purpose.Communication,
        ["support"] = Purpose.Support,
        ["improvement"] = Purpose.Improvement,
        ["security"] = Purpose.Security,
    };

    public string ClauseId => "DATA-4";

    public string Name => "purposes";

    public Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken) =>
        allTenants.RunAsync(
            async db =>
                Judge(
                    ProcessingActivity.PersonalColumns(db.Model),
                    await Processors.CurrentAsync(db, cancellationToken),
                    await db.Set<PurposeVersion>().AsNoTracking().ToListAsync(cancellationToken)
                ),
            cancellationToken
        );

    private static ClauseFinding Judge(
        IReadOnlyList<PersonalColumn> columns,
        IReadOnlyList<Processor> processors,
        List<PurposeVersion> versions
    )
    {
        var names = versions.Select(p => p.Purpose).ToHashSet(StringComparer.Ordinal);
        List<string> aimless = [.. columns.Where(c => !Serves(c.Class)).Select(c => $"{c.Table}.{c.Column}")];
        List<string> idle = [.. processors.Where(p => p.Purposes.Length == 0).Select(p => p.Name)];
        List<string> missing = [.. Promised.Keys.Where(p => !names.Contains(p))];
        // What rests on consent is told to whoever is asked; anything else must stand in the policy.
        List<string> untold =
        [
            .. versions
                .Where(p => p.LegalBasis != LegalBasis.Consent && !Promised.ContainsKey(p.Purpose))
                .Select(p => p.Purpose)
                .Distinct(StringComparer.Ordinal),
        ];
        List<string> changed = [.. versions.Where(IsChanged).Select(p => $"{p.Purpose} {p.Version}")];
        (string, long)[] figures =
        [
            ("columns", columns.Count),
            ("processors", processors.Count),
            ("versions", versions.Count),
            ("aimless_columns", aimless.Count),
            ("idle_processors", idle.Count),
            ("missing_purposes", missing.Count),
            ("untold_purposes", untold.Count),
            ("changed_texts", changed.Count),
        ];
        return aimless.Count > 0 ? ClauseFinding.Broken($"The policy has no purpose for {Join(aimless)}.", figures)
            : idle.Count > 0 ? ClauseFinding.Broken($"{Join(idle)} gets data for no purpose.", figures)
            : missing.Count > 0
                ? ClauseFinding.Broken($"These promised purposes are missing: {Join(missing)}.", figures)
            : untold.Count > 0
                ? ClauseFinding.Broken($"The policy does not name these purposes: {Join(untold)}.", figures)
            : changed.Count > 0 ? ClauseFinding.Broken($"Texts no longer fit their digests: {Join(changed)}.", figures)
            : ClauseFinding.Holds(
                $"All {columns.Count} columns about persons, and what {processors.Count} processors get, serve one of the "
                    + $"{Promised.Count} promised purposes, and every text of {versions.Count} versions fits its digest.",
                figures
            );
    }

    // Security is the legitimate interest of clause DATA-5; no other basis makes it a purpose of its own.
    private static bool Serves(ColumnClass.Personal column) =>
        Promised.ContainsValue(column.Purpose)
        && (column.Purpose is not Purpose.Security || column.Basis is LegalBasis.LegitimateInterest);

    private static bool IsChanged(PurposeVersion purpose) =>
        Enum.GetValues<Language>().Any(l => !purpose.TextIn(l).Digest().AsSpan().SequenceEqual(purpose.DigestIn(l)));

    private static string Join(List<string> names) => string.Join(", ", names);
}
