using Kalisecu.Cli.OneMachine;

namespace Kalisecu.Cli;

/// <summary>Finds the tenant that a person names by its id or its slug.</summary>
internal sealed class TenantChoosing(ConnectionTarget target)
{
    /// <summary>The tenant's id. An id is taken as it is: the server judges it.</summary>
    public async Task<string> FindAsync(string named, CancellationToken cancellationToken)
    {
        if (Guid.TryParseExact(named, "D", out _))
        {
            return named;
        }

        using var connection = Connection.Open(target);
        var client = new Tenants.V1.TenantService.TenantServiceClient(connection.Invoker);
        var request = new Tenants.V1.ListTenantsRequest { Slug = named };
        var answer = await client.ListTenantsAsync(request, cancellationToken: cancellationToken);
        return answer.Tenants is [var tenant]
            ? tenant.TenantId
            : throw new StepFailed(
                $"there is no tenant '{named}'",
                "see which there are: kalisecu tenants list",
                ExitCodes.NotFound
            );
    }
}
