using Kalisecu.Errors;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Policies;

/// <summary>Lists who was told of a version, and what became of the letters. Works platform-wide.</summary>
internal static class ListNotices
{
    public static async Task<V1.ListPolicyNoticesResponse> RunAsync(
        KalisecuDb db,
        uint number,
        PageRequest page,
        CancellationToken cancellationToken
    )
    {
        _ = await PolicyVersions.FindPublishedAsync(db, number, cancellationToken);
        var notices = db.Set<PolicyNotice>().AsNoTracking().Where(n => n.Number == number);
        if (page.After is { } after)
        {
            var (tenant, member) = (PageKeys.Id(after[0]), PageKeys.Id(after[1]));
            notices = notices.Where(n =>
                EF.Functions.GreaterThan(ValueTuple.Create(n.TenantId, n.MemberId), ValueTuple.Create(tenant, member))
            );
        }

        var rows = await (
            from n in notices
            join l in db.Set<Letter>()
                on new { n.TenantId, n.LetterId } equals new { l.TenantId, l.LetterId }
                into letters
            from letter in letters.DefaultIfEmpty()
            orderby n.TenantId, n.MemberId
            select new
            {
                Notice = n,
                State = letter == null ? (LetterState?)null : letter.State,
                SendTime = letter == null ? null : letter.SendTime,
            }
        )
            .Take(page.Size + 1)
            .ToListAsync(cancellationToken);
        return new V1.ListPolicyNoticesResponse
        {
            Notices =
            {
                rows.Take(page.Size)
                    .Select(r => new V1.PolicyNotice
                    {
                        TenantId = r.Notice.TenantId.ToString("D"),
                        MemberId = r.Notice.MemberId.ToString("D"),
                        LetterId = r.Notice.LetterId.ToString("D"),
                        State = Write(r.State),
                        CreateTime = Fields.Write(r.Notice.CreateTime),
                        SendTime = r.SendTime is { } sent ? Fields.Write(sent) : null,
                    }),
            },
            NextPageToken = PageKeys.Next(
                page,
                rows,
                r => [r.Notice.TenantId.ToString("D"), r.Notice.MemberId.ToString("D")]
            ),
        };
    }

    private static V1.NoticeState Write(LetterState? state) =>
        state switch
        {
            null => V1.NoticeState.Forgotten,
            LetterState.Queued => V1.NoticeState.Queued,
            LetterState.Sent => V1.NoticeState.Sent,
            LetterState.Bounced => V1.NoticeState.Bounced,
            LetterState.Suppressed => V1.NoticeState.Suppressed,
            LetterState.Dead => V1.NoticeState.Dead,
            _ => throw new InvalidOperationException($"No state of a letter: {state}"),
        };
}
