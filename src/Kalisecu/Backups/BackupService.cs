using Grpc.Core;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Backups;

internal sealed class BackupService(Calls calls) : V1.BackupService.BackupServiceBase
{
    // A backup that is kept for four weeks is tried each day at most a few times.
    private const int Trials = 100;

    public override Task<V1.ListBackupsResponse> ListBackups(V1.ListBackupsRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var filter = request.Clone();
        filter.PageSize = 0;
        filter.PageToken = "";
        var page = PageRequest.Read(request.PageSize, request.PageToken, 2, filter, violations);
        violations.ThrowIfAny();
        return calls.ReadAsync(
            context,
            async db =>
            {
                var backups = db.Set<Backup>().AsNoTracking();
                backups = request.IncludeExpired ? backups : backups.Where(b => b.ExpireTime == null);
                if (page.After is { } after)
                {
                    var last = ValueTuple.Create(Moment.ReadKey(after[0]), PageKeys.Id(after[1]));
                    backups = backups.Where(b =>
                        EF.Functions.LessThan(ValueTuple.Create(b.StartTime, b.BackupId), last)
                    );
                }

                var rows = await backups
                    .OrderByDescending(b => b.StartTime)
                    .ThenByDescending(b => b.BackupId)
                    .Take(page.Size + 1)
                    .ToListAsync(context.CancellationToken);
                var newest = await NewestAsync(db, rows, context.CancellationToken);
                return new V1.ListBackupsResponse
                {
                    Backups =
                    {
                        rows.Take(page.Size).Select(b => BackupProto.Write(b, newest.GetValueOrDefault(b.BackupId))),
                    },
                    NextPageToken = PageKeys.Next(page, rows, b => b.StartTime, b => b.BackupId),
                };
            }
        );
    }

    public override Task<V1.GetBackupResponse> GetBackup(V1.GetBackupRequest request, ServerCallContext context)
    {
        var id = BackupProto.ReadId(request.BackupId);
        return calls.ReadAsync(
            context,
            async db =>
            {
                var backup =
                    await db.Set<Backup>()
                        .AsNoTracking()
                        .SingleOrDefaultAsync(b => b.BackupId == id, context.CancellationToken)
                    ?? throw GeneralErrors.NotFound("backup", id);
                var trials = await db.Set<BackupVerification>()
                    .AsNoTracking()
                    .Where(v => v.BackupId == id)
                    .OrderByDescending(v => v.StartTime)
                    .ThenByDescending(v => v.VerificationId)
                    .Take(Trials)
                    .ToListAsync(context.CancellationToken);
                return new V1.GetBackupResponse
                {
                    Backup = BackupProto.Write(backup, trials.FirstOrDefault()),
                    Verifications = { trials.Select(BackupProto.Write) },
                };
            }
        );
    }

    private static async Task<Dictionary<Guid, BackupVerification>> NewestAsync(
        KalisecuDb db,
        IReadOnlyList<Backup> backups,
        CancellationToken cancellationToken
    )
    {
        var ids = backups.Select(b => b.BackupId).ToList();
        var newest = await db.Set<BackupVerification>()
            .AsNoTracking()
            .Where(v => ids.Contains(v.BackupId))
            .GroupBy(v => v.BackupId)
            .Select(g => g.OrderByDescending(v => v.StartTime).ThenByDescending(v => v.VerificationId).First())
            .ToListAsync(cancellationToken);
        return newest.ToDictionary(v => v.BackupId, v => v);
    }
}
