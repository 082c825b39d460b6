using Grpc.Core;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using V1 = Kalisecu.PrivacyRequests.V1;

namespace Kalisecu.Rights;

internal sealed partial class RightsService
{
    public override Task<V1.ListRecipientNoticesResponse> ListRecipientNotices(
        V1.ListRecipientNoticesRequest request,
        ServerCallContext context
    )
    {
        var violations = new Violations();
        var requestId = Fields.Id(request.PrivacyRequestId, "privacy_request_id", violations);
        var filter = new V1.ListRecipientNoticesRequest(request) { PageSize = 0, PageToken = "" };
        var page = PageRequest.Read(request.PageSize, request.PageToken, 2, filter, violations);
        violations.ThrowIfAny();
        var member = MemberOf(context);
        return calls.ReadAsync(
            context,
            async db =>
            {
                var rows = await RightsLists
                    .Notices(db, requestId, page.After)
                    .Where(n => member == null || n.PersonId == member)
                    .Where(n => !request.UntoldOnly || (n.LetterKey == null && n.ToldDate == null))
                    .Take(page.Size + 1)
                    .ToListAsync(context.CancellationToken);
                var response = new V1.ListRecipientNoticesResponse
                {
                    NextPageToken = PageKeys.Next(page, rows, n => n.CreateTime, n => n.NoticeId),
                };
                response.Notices.AddRange(rows.Take(page.Size).Select(RightsProto.Write));
                return response;
            }
        );
    }

    public override Task<V1.RecordRecipientToldResponse> RecordRecipientTold(
        V1.RecordRecipientToldRequest request,
        ServerCallContext context
    )
    {
        var violations = new Violations();
        var told = new ToldRecipient(
            Fields.Id(request.NoticeId, "notice_id", violations),
            RightsProto.ReadDate(request.ToldDate, "told_date", violations),
            Fields.Text(request.How, "how", 1, 500, violations)
        );
        violations.ThrowIfAny();
        var (actor, cancel) = (Caller.Of(context).Actor, context.CancellationToken);
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db => new V1.RecordRecipientToldResponse
            {
                Notice = RightsProto.Write(await verbs.Told.RunAsync(db, told, actor, cancel)),
            }
        );
    }
}
