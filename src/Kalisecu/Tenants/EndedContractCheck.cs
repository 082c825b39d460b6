using Kalisecu.Compliance;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Kalisecu.Time;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Tenants;

/// <summary>
/// Clause RET-2: once a contract has ended and what follows from it is over, no member of the client is kept. The dashboard stays
/// open for the twelve months of clause RET-3, and its members with it.
/// </summary>
internal sealed class EndedContractCheck(AllTenants allTenants) : IClauseCheck
{
    public string ClauseId => "RET-2";

    public string Name => "members-of-ended-contracts";

    public Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken) =>
        allTenants.RunAsync(
            async db =>
            {
                var before = EndedBefore(now);
                var late = await (
                    from t in db.Set<Tenant>()
                    join m in db.Set<Member>() on t.TenantId equals m.TenantId
                    where t.State == TenantState.Closed && t.CloseTime < before
                    select m
                ).CountAsync(cancellationToken);
                var ended = await db.Set<Tenant>().CountAsync(t => t.State == TenantState.Closed, cancellationToken);
                (string, long)[] figures = [("ended_contracts", ended), ("past_their_date", late)];
                return late > 0
                    ? ClauseFinding.Broken(
                        $"{late} members of clients whose contract ended over a year ago are kept.",
                        figures
                    )
                    : ClauseFinding.Holds(
                        $"No member is kept of a client whose contract ended more than twelve months ago; {ended} contracts have "
                            + "ended in all.",
                        figures
                    );
            },
            cancellationToken
        );

    /// <summary>Contracts that ended before this moment are past the twelve months, and past the day that deletion may take.</summary>
    internal static Instant EndedBefore(Instant now) =>
        Paris.StartOf(Paris.DateOf(now - Duration.FromHours(24)).PlusMonths(-12));
}
