using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Compliance;

/// <summary>Clause DATA-4: every column about persons serves one of the policy's purposes, and so does what processors get.</summary>
internal sealed class PurposeCheck(IDbContextFactory<KalisecuDb> contexts, Tenancy.AllTenants allTenants) : IClauseCheck
{
    // Security is the legitimate interest of clause DATA-5; no other basis makes it a purpose of its own.
    private static readonly Purpose[] Promised =
    [
        Purpose.Service,
        Purpose.Invoicing,
        Purpose.Communication,
        Purpose.Support,
        Purpose.Improvement,
    ];

    public string ClauseId => "DATA-4";

    public string Name => "purposes";

    public async Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var columns = ProcessingActivity.PersonalColumns(db.Model);
        var wrong = columns
            .Where(c =>
                !Promised.Contains(c.Class.Purpose)
                && (c.Class.Purpose, c.Class.Basis) is not (Purpose.Security, LegalBasis.LegitimateInterest)
            )
            .Select(c => $"{c.Table}.{c.Column}")
            .ToList();
        var register = await allTenants.RunAsync(p => Processors.CurrentAsync(p, cancellationToken), cancellationToken);
        var idle = register.Where(p => p.Purposes.Length == 0).Select(p => p.Name).ToList();
        return wrong.Count > 0 ? ClauseFinding.Broken($"The policy has no purpose for {string.Join(", ", wrong)}.")
            : idle.Count > 0 ? ClauseFinding.Broken($"{string.Join(", ", idle)} gets data for no purpose.")
            : ClauseFinding.Holds(
                $"All {columns.Count} columns about persons, and what {register.Count} processors get, serve a purpose of the policy.",
                ("columns", columns.Count),
                ("processors", register.Count)
            );
    }
}
