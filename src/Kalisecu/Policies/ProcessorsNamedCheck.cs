using Kalisecu.Compliance;
using Kalisecu.Tenancy;
using NodaTime;

namespace Kalisecu.Policies;

/// <summary>Clause SUB-1: the processors that the clause names are in the register, and the policy of today names every one
/// that is.</summary>
internal sealed class ProcessorsNamedCheck(AllTenants allTenants, PolicyVersions versions) : IClauseCheck
{
    // As the clause says; for e-mail it allows an equivalent in the European Union.
    private static readonly string[] Promised =
    [
        "OVH SAS",
        "Scaleway SAS",
        "Stripe Payments Europe Ltd",
        "Yousign SAS",
    ];

    public string ClauseId => "SUB-1";

    public string Name => "named-processors";

    public Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken) =>
        allTenants.RunAsync(
            async db =>
            {
                var register = await Processors.CurrentAsync(db, cancellationToken);
                var missing = Promised.Where(name => !Has(register, name)).ToList();
                if (missing.Count > 0 || register.All(p => p.Role != ProcessorRole.Email || !p.IsInEea))
                {
                    missing.AddRange(missing.Count == 0 ? ["one for e-mail in the European Union"] : []);
                    return ClauseFinding.Broken($"The register lacks {string.Join(", ", missing)}.");
                }

                var policy = await versions.CurrentAsync(db, cancellationToken);
                var unnamed = register.Where(p => !IsNamed(policy, p)).Select(p => p.LegalName).ToList();
                return unnamed.Count > 0
                    ? ClauseFinding.Broken(
                        $"Version {policy.Number} of the policy does not name {string.Join(", ", unnamed)}, which the register has.",
                        ("processors", register.Count),
                        ("unnamed", unnamed.Count)
                    )
                    : ClauseFinding.Holds(
                        $"All {register.Count} processors of the register are named in version {policy.Number} of the policy.",
                        ("processors", register.Count),
                        ("unnamed", 0)
                    );
            },
            cancellationToken
        );

    private static bool Has(IReadOnlyList<Processor> register, string legalName) =>
        register.Any(p => string.Equals(p.LegalName, legalName, StringComparison.Ordinal));

    private static bool IsNamed(PolicyVersion policy, Processor processor) =>
        policy.TextFr.Contains(processor.LegalName, StringComparison.Ordinal)
        && policy.TextEn.Contains(processor.LegalName, StringComparison.Ordinal);
}
