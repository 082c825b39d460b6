using Kalisecu.Errors;
using Kalisecu.Tenancy;
using NodaTime;

namespace Kalisecu.Compliance;

/// <summary>
/// Clause HOST-1: operational data stays on our machines, which a hosting processor keeps in France, and every host that the
/// settings name may be called. Where a machine stands no program can see: its operator has to say it.
/// </summary>
internal sealed class HostingCheck(
    AllTenants allTenants,
    ResidencyGuard guard,
    ResidencySettings settings,
    IEnumerable<ConfiguredEndpoint> endpoints
) : IClauseCheck
{
    private const string France = "FR";

    public string ClauseId => "HOST-1";

    public string Name => "hosts";

    public async Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken)
    {
        var register = await allTenants.RunAsync(
            db => Processors.CurrentAsync(db, cancellationToken),
            cancellationToken
        );
        if (register.FirstOrDefault(p => !p.IsInEea) is { } outside)
        {
            return ClauseFinding.Broken(
                $"The processor {outside.Name} works in {outside.Country}, outside the European Union, with "
                    + $"{outside.Hosts.Length} hosts."
            );
        }

        if (register.FirstOrDefault(p => p.Role == ProcessorRole.Hosting && p.Country is not France) is { } abroad)
        {
            return ClauseFinding.Broken($"The hosting processor {abroad.Name} is in {abroad.Country}, not in France.");
        }

        var configured = endpoints.ToList();
        foreach (var endpoint in configured)
        {
            if (Judge(endpoint, register) is { } broken)
            {
                return broken;
            }
        }

        return
            register.FirstOrDefault(p =>
                p.Role == ProcessorRole.Hosting && string.Equals(p.Name, settings.HostedBy, StringComparison.Ordinal)
            )
                is { } host
            ? ClauseFinding.Holds(
                $"All {configured.Count} hosts of the settings are ours or of a listed processor in the European Union; our "
                    + $"machines are with {host.LegalName} in France, as their operator declares.",
                ("hosts", configured.Count)
            )
            : ClauseFinding.Unproven(
                "No setting says which hosting processor keeps this machine (Residency:HostedBy), and no program can see it.",
                ("hosts", configured.Count)
            );
    }

    private ClauseFinding? Judge(ConfiguredEndpoint endpoint, IReadOnlyList<Processor> register)
    {
        try
        {
            var owner = guard.Judge(endpoint.Host, register);
            return owner is not null && endpoint.IsStore && owner.Country is not France
                ? ClauseFinding.Broken($"The {endpoint.Use} is kept by {owner.Name} in {owner.Country}, not in France.")
                : null;
        }
        catch (Refusal refusal)
        {
            return ClauseFinding.Broken($"The settings name a host for the {endpoint.Use}. {refusal.Message}");
        }
    }
}
