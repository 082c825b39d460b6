using Kalisecu.Access;
using Kalisecu.Compliance;
using Kalisecu.Tenancy;
using Kalisecu.Time;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.PrivacyRequests;

/// <summary>
/// Clauses RIGHT-1 to RIGHT-6: the right can be exercised by the person and through staff, nobody who did waits past the day of
/// the law, and no request was closed as complete that left this right without an outcome.
/// </summary>
internal sealed class RightCheck(Right right, string clauseId, AllTenants allTenants, AccessRules rules) : IClauseCheck
{
    private static readonly string[] Intake =
    [
        "/kalisecu.privacy_requests.v1.PrivacyRequestService/CreatePrivacyRequest",
        "/kalisecu.privacy_requests.v1.PrivacyRequestService/ReceivePrivacyRequest",
    ];

    public string ClauseId => clauseId;

    public string Name => "requests";

    public Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken) =>
        allTenants.RunAsync(
            async db =>
            {
                if (!Intake.All(rules.All.ContainsKey))
                {
                    return ClauseFinding.Unproven("This process takes no privacy requests.");
                }

                var made = db.Set<PrivacyRequest>().AsNoTracking().Where(r => r.Rights.Any(x => x.Right == right));
                var total = await made.CountAsync(cancellationToken);
                var open = await made.Where(r => r.CloseTime == null).ToListAsync(cancellationToken);
                var overdue = open.Count(r => r.IsOverdueOn(Paris.DateOf(now)));
                var unanswered = await made.CountAsync(
                    r =>
                        r.State == PrivacyRequestState.Completed
                        && r.Rights.Any(x => x.Right == right && x.Outcome == null),
                    cancellationToken
                );
                (string, long)[] figures =
                [
                    ("requests", total),
                    ("open", open.Count),
                    ("overdue", overdue),
                    ("without_outcome", unanswered),
                ];
                return overdue > 0
                        ? ClauseFinding.Broken($"{overdue} of {open.Count} open requests are overdue.", figures)
                    : unanswered > 0
                        ? ClauseFinding.Broken(
                            $"{unanswered} requests were closed as complete without an outcome.",
                            figures
                        )
                    : ClauseFinding.Holds(
                        $"It can be exercised by members and through staff; of {total} requests {open.Count} are open, none past "
                            + "its day, and every completed one has an outcome.",
                        figures
                    );
            },
            cancellationToken
        );
}
