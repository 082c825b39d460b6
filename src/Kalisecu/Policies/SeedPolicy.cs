using Kalisecu.Compliance;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;
using NodaTime.Text;
using Npgsql;

namespace Kalisecu.Policies;

/// <summary>
/// Stores the policy that was published before this platform (<c>Texts/policy.LANGUAGE.md</c>, written from the clauses) as
/// version 1, unless there is a version. Any number of processes may start at once.
/// </summary>
internal sealed class SeedPolicy(
    AllTenants allTenants,
    PolicyVersions versions,
    ClauseCatalogue clauses,
    IClock clock,
    ILogger<SeedPolicy> log
) : BackgroundService
{
    // As long as a database takes to come back.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private const string Actor = "server:start";

    /// <summary>Once before the process serves, so that its first caller finds a policy; a database that is away is waited for.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!await TrySeedAsync(cancellationToken))
        {
            await base.StartAsync(cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        do
        {
            await Task.Delay(RetryAfter, stoppingToken);
        } while (!await TrySeedAsync(stoppingToken));
    }

    private async Task<bool> TrySeedAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await allTenants.RunAsync(db => SeedAsync(db, cancellationToken), cancellationToken))
            {
                PolicyLog.Seeded(log, clauses.Version);
            }

            return true;
        }
        catch (Exception exception)
            when (exception is NpgsqlException or InvalidOperationException { InnerException: NpgsqlException })
        {
            PolicyLog.NotSeeded(log, exception.Message);
            return false;
        }
    }

    private async Task<bool> SeedAsync(KalisecuDb db, CancellationToken cancellationToken)
    {
        if (
            await db.Set<PolicyVersion>().AnyAsync(cancellationToken)
            || await PolicyVersions.NextNumberAsync(db, cancellationToken) > 1
        )
        {
            return false;
        }

        var draft = new PolicyDraft(
            LocalDatePattern.Iso.Parse(clauses.Version).Value,
            Substantial: false,
            Read("fr"),
            Read("en"),
            "",
            "",
            [.. clauses.Clauses.Select(c => c.Id)]
        );
        var now = clock.GetCurrentInstant();
        var version = PolicyVersion.Create(1, draft, now);
        version.Publish(recipientCount: 0, now);
        db.Add(version);
        await db.SaveChangesAsync(cancellationToken);
        await versions.RecordAsync(db, "policy.published", version, Actor, cancellationToken);
        return true;
    }

    private static string Read(string language)
    {
        var assembly = typeof(SeedPolicy).Assembly;
        using var stream = assembly.GetManifestResourceStream($"Policies/policy.{language}.md")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
