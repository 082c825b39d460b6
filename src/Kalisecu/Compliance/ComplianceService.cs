using System.Globalization;
using Grpc.Core;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.Compliance;

internal sealed class ComplianceService(Calls calls, ClauseCatalogue catalogue, CheckPosture checkPosture)
    : V1.ComplianceService.ComplianceServiceBase
{
    public override Task<V1.ListClausesResponse> ListClauses(V1.ListClausesRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var page = PageRequest.Read(request.PageSize, request.PageToken, 1, new V1.ListClausesRequest(), violations);
        violations.ThrowIfAny();
        var skipped = page.After is null ? 0 : PageKeys.Number(page.After[0]);
        var response = new V1.ListClausesResponse
        {
            Clauses =
            {
                catalogue
                    .Clauses.Skip(skipped)
                    .Take(page.Size)
                    .Select(c => ComplianceProto.Write(c, catalogue.Version)),
            },
        };
        if (skipped + page.Size < catalogue.Clauses.Count)
        {
            response.NextPageToken = page.TokenAfter((skipped + page.Size).ToString(CultureInfo.InvariantCulture));
        }

        return Task.FromResult(response);
    }

    public override Task<V1.GetPostureResponse> GetPosture(V1.GetPostureRequest request, ServerCallContext context) =>
        calls.ReadAsync(
            context,
            async db => new V1.GetPostureResponse
            {
                Posture = ComplianceProto.Write(
                    await checkPosture.LastAsync(db, context.CancellationToken),
                    catalogue.Version
                ),
            }
        );

    public override Task<V1.CheckPostureResponse> CheckPosture(
        V1.CheckPostureRequest request,
        ServerCallContext context
    ) =>
        calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db => new V1.CheckPostureResponse
            {
                Posture = ComplianceProto.Write(
                    await checkPosture.RunAsync(db, Caller.Of(context).Actor, context.CancellationToken),
                    catalogue.Version
                ),
            }
        );

    public override Task<V1.ListClauseResultsResponse> ListClauseResults(
        V1.ListClauseResultsRequest request,
        ServerCallContext context
    )
    {
        var violations = new Violations();
        var states = ComplianceProto.ReadStates(request.States, violations);
        violations.Check(
            request.Clause.Length == 0 || catalogue.Find(request.Clause) is not null,
            "clause",
            "must be the name of a clause, such as SEC-3"
        );
        var filter = new V1.ListClauseResultsRequest(request) { PageSize = 0, PageToken = "" };
        var page = PageRequest.Read(request.PageSize, request.PageToken, 2, filter, violations);
        violations.ThrowIfAny();
        return calls.ReadAsync(
            context,
            async db =>
            {
                var results = db.Set<ClauseResult>().AsNoTracking();
                if (states.Count > 0)
                {
                    results = results.Where(r => states.Contains(r.State));
                }

                if (request.Clause.Length > 0)
                {
                    results = results.Where(r => r.ClauseId == request.Clause);
                }

                if (page.After is { } after)
                {
                    var last = ValueTuple.Create(Moment.ReadKey(after[0]), PageKeys.Id(after[1]));
                    results = results.Where(r =>
                        EF.Functions.LessThan(ValueTuple.Create(r.StartTime, r.ResultId), last)
                    );
                }

                var rows = await results
                    .OrderByDescending(r => r.StartTime)
                    .ThenByDescending(r => r.ResultId)
                    .Take(page.Size + 1)
                    .ToListAsync(context.CancellationToken);
                return new V1.ListClauseResultsResponse
                {
                    Results = { rows.Take(page.Size).Select(ComplianceProto.Write) },
                    NextPageToken = PageKeys.Next(page, rows, r => r.StartTime, r => r.ResultId),
                };
            }
        );
    }
}
