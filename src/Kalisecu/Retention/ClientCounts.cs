using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Retention;

/// <summary>How much of a client's data goes; the rows are other capabilities' own, so a statement asks for their number.</summary>
internal static class ClientCounts
{
    /// <summary>Published reports and findings of the transaction's tenant.</summary>
    public static async Task<(long Reports, long Findings)> OfAsync(KalisecuDb db, CancellationToken cancellationToken)
    {
        var tenant = db.Owner;
        var reports = await db
            .Database.SqlQuery<long>(
                $"""select count(*) as "Value" from reports where tenant_id = {tenant} and state = 'Published'"""
            )
            .SingleAsync(cancellationToken);
        var findings = await db
            .Database.SqlQuery<long>($"""select count(*) as "Value" from findings where tenant_id = {tenant}""")
            .SingleAsync(cancellationToken);
        return (reports, findings);
    }
}
