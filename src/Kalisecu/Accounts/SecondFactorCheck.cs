using Kalisecu.Compliance;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Accounts;

/// <summary>Clause SEC-3: no administrator, nor anybody else of the staff, can sign in without a second factor.</summary>
internal sealed class SecondFactorCheck(AllTenants allTenants) : IClauseCheck
{
    public string ClauseId => "SEC-3";

    public string Name => "staff-second-factor";

    public Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken) =>
        allTenants.RunAsync(
            async db =>
            {
                var platform = TenantScope.Platform;
                var active = await (
                    from account in db.Set<StaffAccount>().AsNoTracking()
                    where account.State == StaffState.Active
                    join credential in db.Set<Credential>().AsNoTracking().Where(c => c.TenantId == platform)
                        on account.AccountId equals credential.PersonId
                        into credentials
                    from credential in credentials.DefaultIfEmpty()
                    select new { account.Role, HasFactor = credential != null && credential.TotpSecret != null }
                ).ToListAsync(cancellationToken);
                var sessions = await db.Set<Session>()
                    .CountAsync(
                        s => s.TenantId == platform && !s.MultiFactor && s.EndTime == null && s.ExpireTime > now,
                        cancellationToken
                    );
                return Judge(
                    active.Count(a => a.Role == StaffRole.Administrator),
                    active.Count,
                    active.Count(a => !a.HasFactor),
                    sessions
                );
            },
            cancellationToken
        );

    private static ClauseFinding Judge(int administrators, int staff, int without, int sessions)
    {
        (string, long)[] figures =
        [
            ("administrators", administrators),
            ("staff", staff),
            ("staff_without_second_factor", without),
            ("sessions_without_second_factor", sessions),
        ];
        return (administrators, without, sessions) switch
        {
            (_, > 0, _) => ClauseFinding.Broken(
                $"{without} of {staff} active staff accounts have no second factor.",
                figures
            ),
            (_, _, > 0) => ClauseFinding.Broken(
                $"{sessions} staff sessions were opened without a second factor.",
                figures
            ),
            (0, _, _) => ClauseFinding.Unproven("There is no active administrator to look at.", figures),
            _ => ClauseFinding.Holds(
                $"All {staff} active staff accounts, {administrators} of them administrators, have a second factor.",
                figures
            ),
        };
    }
}
