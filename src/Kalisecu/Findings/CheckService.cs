using Grpc.Core;
using Kalisecu.Errors;
using Kalisecu.Persistence;

namespace Kalisecu.Findings;

internal sealed class CheckService(CheckCatalogue catalogue) : V1.CheckService.CheckServiceBase
{
    public override Task<V1.GetCheckResponse> GetCheck(V1.GetCheckRequest request, ServerCallContext context)
    {
        var check = catalogue.Find(request.Name) ?? throw FindingErrors.CheckAbsent(request.Name);
        return Task.FromResult(
            new V1.GetCheckResponse { Check = CheckProto.Write(check), CatalogueVersion = catalogue.Version }
        );
    }

    public override Task<V1.ListChecksResponse> ListChecks(V1.ListChecksRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var filter = new V1.ListChecksRequest(request) { PageSize = 0, PageToken = "" };
        var page = PageRequest.Read(request.PageSize, request.PageToken, 1, filter, violations);
        violations.ThrowIfAny();
        var found = catalogue
            .Checks.Where(c => c.Check.StartsWith(request.Prefix, StringComparison.Ordinal))
            .Where(c =>
                request.Tool.Length == 0
                || c.Rules.Any(r => string.Equals(r.Tool, request.Tool, StringComparison.Ordinal))
            )
            .Where(c => page.After is null || string.CompareOrdinal(c.Check, page.After[0]) > 0)
            .Take(page.Size + 1)
            .ToList();
        var response = new V1.ListChecksResponse
        {
            Checks = { found.Take(page.Size).Select(CheckProto.Write) },
            CatalogueVersion = catalogue.Version,
        };
        response.NextPageToken = PageKeys.Next(page, found, last => [last.Check]);

        return Task.FromResult(response);
    }
}
