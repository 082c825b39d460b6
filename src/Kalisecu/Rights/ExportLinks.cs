using Kalisecu.Accounts;
using Kalisecu.Errors;
using Kalisecu.Evidence;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Rights;

/// <summary>One-time links to exports: made for a person, followed by whoever holds the token, once.</summary>
internal sealed class ExportLinks(AllTenants allTenants, RestrictedRows rows, EvidenceLog evidence, IClock clock)
{
    /// <summary>Answers the token; nobody can ask for it again.</summary>
    public async Task<(ExportLink Link, string Token)> CreateAsync(
        KalisecuDb db,
        DataExport export,
        ExportFormat format,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var token = OpaqueToken.New();
        var link = ExportLink.To(export, format, OpaqueToken.Hash(token), clock.GetCurrentInstant());
        db.Add(link);
        await db.SaveChangesAsync(cancellationToken);
        await AppendAsync(db, "export.linked", link, actor, cancellationToken);
        return (link, token);
    }

    /// <summary>Uses the link up, before the first byte leaves: of two who follow it, one is refused.</summary>
    public async Task<(DataExport Export, ExportLink Link)> FetchAsync(
        string token,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var hash = OpaqueToken.Hash(token);
        var found =
            await allTenants.RunAsync(
                db =>
                    db.Set<ExportLink>()
                        .AsNoTracking()
                        .SingleOrDefaultAsync(l => l.TokenHash == hash, cancellationToken),
                cancellationToken
            ) ?? throw RightsErrors.LinkNotValid();
        return await rows.InTenantAsync(
            found.TenantId,
            db => FetchAsync(db, found.LinkId, actor, cancellationToken),
            cancellationToken
        );
    }

    private async Task<(DataExport Export, ExportLink Link)> FetchAsync(
        KalisecuDb db,
        Guid linkId,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var tenant = db.Scope?.TenantId;
        var link = await db.Set<ExportLink>()
            .FromSql($"select * from export_links where tenant_id = {tenant} and link_id = {linkId} for update")
            .SingleAsync(cancellationToken);
        var now = clock.GetCurrentInstant();
        link.Fetch(now);
        var export = await FindAsync(db, link.ExportId, cancellationToken);
        export.DemandThere(now);
        await db.SaveChangesAsync(cancellationToken);
        await AppendAsync(db, "export.fetched", link, actor, cancellationToken);
        return (export, link);
    }

    public static async Task<DataExport> FindAsync(KalisecuDb db, Guid exportId, CancellationToken cancellationToken)
    {
        var tenant = db.Owner;
        return await db.Set<DataExport>()
                .SingleOrDefaultAsync(e => e.TenantId == tenant && e.ExportId == exportId, cancellationToken)
            ?? throw GeneralErrors.NotFound("export", exportId);
    }

    private Task AppendAsync(
        KalisecuDb db,
        string kind,
        ExportLink link,
        string actor,
        CancellationToken cancellationToken
    ) =>
        evidence.AppendAsync(
            db,
            kind,
            link.ExportId,
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["link"] = link.LinkId.ToString("D"),
                ["format"] = $"{link.Format}",
            },
            cancellationToken
        );
}
