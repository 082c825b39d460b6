using Kalisecu.Deliveries;
using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Kalisecu.Outbox;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;
using NodaTime.Testing;
using Npgsql;

namespace Kalisecu.IntegrationTests.Deliveries;

/// <summary>The outbox of a database and a delivery worker over it whose clock the test moves.</summary>
internal sealed class AnOutbox : IAsyncDisposable
{
    private readonly NpgsqlDataSource _superuser;
    private IHost? _host;
    private int _letters;

    public AnOutbox(TestDatabase database)
    {
        _superuser = database.OpenSuperuser();
        Settings = TestWorkerSettings.Make(Folder, Worker.Delivery, database);
        Settings.Delivery.LettersPerSecond = 10_000;
    }

    public TestFolder Folder { get; } = new();

    public WorkerSettings Settings { get; }

    public FakeClock Clock { get; } = new(SystemClock.Instance.GetCurrentInstant());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IServiceProvider Services => (_host ??= Build()).Services;

    /// <summary>Writes a letter of the platform.</summary>
    public async Task<Guid> PostAsync(string recipient, LetterNature nature = LetterNature.Service, Guid? person = null)
    {
        var draft = new LetterDraft(
            $"test/{Guid.CreateVersion7():D}/{Interlocked.Increment(ref _letters)}",
            "test.letter",
            nature,
            person,
            recipient,
            Language.Fr,
            new LetterText("Objet accentué", "Bonjour, à bientôt.\n", "<p>Bonjour, à bientôt.</p>"),
            "test",
            Guid.CreateVersion7()
        );
        return await Services
            .GetRequiredService<AllTenants>()
            .RunAsync(
                async db =>
                {
                    Assert.True(await Services.GetRequiredService<LetterBox>().PostAsync(db, draft, Cancel));
                    return db.ChangeTracker.Entries<Letter>().Single().Entity.LetterId;
                },
                Cancel
            );
    }

    public LetterClaims Claims => Services.GetRequiredService<LetterClaims>();

    public Task<DeliveryCounts> DeliverAsync() => Services.GetRequiredService<DeliverLetters>().RunAsync(Cancel);

    public async Task<(string State, string Reason, int Attempts)> StateAsync(Guid letter)
    {
        await using var command = _superuser.CreateCommand(
            $"select state, coalesce(state_reason, ''), attempt_count from letters where letter_id = '{letter:D}'"
        );
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        Assert.True(await reader.ReadAsync(Cancel));
        return (reader.GetString(0), reader.GetString(1), reader.GetInt32(2));
    }

    public async Task<long> CountAsync(string state) =>
        await AskAsync<long>($"select count(*) from letters where state = '{state}'");

    public async Task<T> AskAsync<T>(string sql)
    {
        await using var command = _superuser.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Cancel))!;
    }

    /// <summary>A contact of the platform that is restricted or erased.</summary>
    public async Task<Guid> PersonAsync(bool isRestricted = false, bool isErased = false)
    {
        var person = Guid.CreateVersion7();
        await using var command = _superuser.CreateCommand(
            $"""
            insert into persons (tenant_id, person_id, kind, email_hash, language, create_time, restrict_time, erase_time)
            values ('{TenantScope.Platform:D}', '{person:D}', 'Contact', {(isErased
                ? "null"
                : "sha256('x')")}, 'Fr', now(), {(isRestricted ? "now()" : "null")}, {(isErased ? "now()" : "null")})
            """
        );
        await command.ExecuteNonQueryAsync(Cancel);
        return person;
    }

    /// <summary>The settings' file for workers that are processes of their own.</summary>
    public string WriteSettings() => TestWorkerSettings.Write(Folder, Worker.Delivery, Settings);

    public async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable host)
        {
            await host.DisposeAsync();
        }

        await _superuser.DisposeAsync();
        Folder.Dispose();
    }

    private IHost Build() =>
        WorkerHost.Build(
            Settings,
            Worker.Delivery,
            [DeliveriesModule.Delivery, JobsModule.Delivery],
            builder =>
            {
                builder.Logging.ClearProviders();
                builder.Services.AddSingleton<IClock>(Clock);
            }
        );

    /// <summary>Runs a job of the delivery worker once.</summary>
    public async Task<JobRunState?> RunAsync(string job)
    {
        var start = new JobStart(job, JobCause.Once, "test");
        return (await Services.GetRequiredService<JobRunner>().TryRunAsync(start, Cancel)).State;
    }
}
