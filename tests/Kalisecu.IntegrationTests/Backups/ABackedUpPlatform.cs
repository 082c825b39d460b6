using System.Diagnostics;
using System.Text.Json;
using Kalisecu.AccessLog;
using Kalisecu.Backups;
using Kalisecu.Evidence;
using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Kalisecu.Keys;
using Kalisecu.Objects;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Rights;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;
using Npgsql;

namespace Kalisecu.IntegrationTests.Backups;

/// <summary>
/// A small platform with a PostgreSQL of its own that archives its log, a client with something of every kind, and one full
/// backup of it.
/// </summary>
public sealed class ABackedUpPlatform : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private ArchivedDatabase? _database;
    private IHost? _worker;
    private ServiceProvider? _server;
    private int _copies;

    internal const string Authority = "the private key of an authority";

    internal static CancellationToken Cancel => TestContext.Current.CancellationToken;

    internal TestFolder Folder => _folder;

    internal BackupOptions Options => Settings.Backups;

    internal WorkerSettings Settings { get; private set; } = new();

    internal Guid Tenant { get; } = Guid.CreateVersion7();

    internal Backup Backup { get; private set; } = null!;

    internal BackupManifest Manifest { get; private set; } = null!;

    internal IServiceProvider Worker => _worker!.Services;

    internal IServiceProvider Server => _server!;

    internal string Superuser => SuperuserConnection.Of(Options);

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_folder["pki"]);
        await File.WriteAllTextAsync(_folder["pki/authority.key"], Authority);
        _database = await ArchivedDatabase.StartAsync(_folder, durable: false, CancellationToken.None);
        Settings = SettingsOf(Kalisecu.Jobs.Worker.BackupVerification);
        _worker = WorkerHost.Build(Settings, Kalisecu.Jobs.Worker.BackupVerification, [BackupsModule.Jobs], Quiet);
        _server = ServerServices(_database.Connection(DatabaseRoles.Server));
        await FillAsync();
        Backup = await Worker.GetRequiredService<TakeBackup>().RunAsync(BackupKind.Full, ARun("take"), Cancel);
        Manifest = (await ManifestFile.ReadAsync(Options, Backup.Label, Cancel))!;
    }

    /// <summary>How a worker reaches this platform.</summary>
    internal WorkerSettings SettingsOf(Kalisecu.Jobs.Worker worker) => _database!.SettingsOf(worker);

    internal static JobRun ARun(string job) => new(Guid.CreateVersion7(), job, slotTime: null, isRecovery: false);

    /// <summary>A restore point in the newest archived piece of the log.</summary>
    internal async Task<string> MarkAsync()
    {
        var name = $"test-{Guid.CreateVersion7():N}";
        await LogArchive.MarkAsync(Superuser, name, Cancel);
        return name;
    }

    /// <summary>Tries the backup on copies of the repository and of all else, which the test damages before.</summary>
    internal async Task<TrialResult> TryAsync(
        string latestPoint,
        Func<BackupOptions, Task> damage,
        BackupManifest? manifest = null
    )
    {
        var options = await CopyAsync();
        await damage(options);
        var trial = new TryRestore(Settings, options, new PgBackRest(options), SystemClock.Instance);
        return await trial.RunAsync(
            new TrialPlan(Backup.Label, manifest ?? Manifest, latestPoint, "kalisecu"),
            _ => { },
            Cancel
        );
    }

    internal async Task RunAsync(string sql, params object[] values)
    {
        await using var connection = await SuperuserConnection.OpenAsync(Superuser, Cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        await command.ExecuteNonQueryAsync(Cancel);
    }

    /// <summary>What somebody could do who owns the machine: past the triggers.</summary>
    internal Task TamperAsync(string sql) =>
        RunAsync($"do $$ begin set local session_replication_role = replica; {sql}; end $$");

    internal async Task<Guid> ContactAsync(string email)
    {
        var person = Guid.CreateVersion7();
        var key = Keys.For(Tenant);
        await RunAsync(
            """
            insert into persons (tenant_id, person_id, kind, email_hash, language, create_time, contact_time, email,
                first_name, last_name)
            values ($1, $2, 'Contact', $3, 'Fr', now(), now(), $4, $5, $6)
            """,
            Tenant,
            person,
            Keys.HashEmail(email),
            key.EncryptText(email, PersonColumns.Email, person),
            key.EncryptText("Camille", PersonColumns.FirstName, person),
            key.EncryptText("Martin", PersonColumns.LastName, person)
        );
        return person;
    }

    /// <summary>Those who are known, in their order.</summary>
    internal static async Task<List<Guid>> PersonsAsync(string connection)
    {
        await using var opened = await SuperuserConnection.OpenAsync(connection, Cancel);
        await using var command = new NpgsqlCommand(
            "select person_id from persons where email is not null order by 1",
            opened
        );
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var found = new List<Guid>();
        while (await reader.ReadAsync(Cancel))
        {
            found.Add(reader.GetGuid(0));
        }

        return found;
    }

    /// <summary>The database's own time: after all that was committed, before all that will be.</summary>
    internal async Task<Instant> NowAsync()
    {
        await using var connection = await SuperuserConnection.OpenAsync(Superuser, Cancel);
        await using var command = new NpgsqlCommand("select clock_timestamp()", connection);
        return Instant.FromDateTimeUtc((DateTime)(await command.ExecuteScalarAsync(Cancel))!);
    }

    /// <summary>As staff and the retention worker do it, the journal included.</summary>
    internal async Task EraseAsync(Guid person)
    {
        var rows = Server.GetRequiredService<RestrictedRows>();
        var plans = Server.GetRequiredService<PlanErasure>();
        await RequestAsync(person);
        var rights = new RightsCase(person, new PersonRef(Tenant, person, PersonKind.Contact), "staff:test");
        var erasure = await rows.InTenantAsync(Tenant, db => plans.PlanAsync(db, rights, Cancel), Cancel);
        await rows.InTenantAsync(
            Tenant,
            db => plans.ApproveAsync(db, erasure.ErasureId, etag: "", "staff:second", Cancel),
            Cancel
        );
        var settings = SettingsOf(Kalisecu.Jobs.Worker.Retention);
        using var retention = WorkerHost.Build(settings, Kalisecu.Jobs.Worker.Retention, [ErasureJob.Jobs], Quiet);
        Assert.Equal(1, await retention.Services.GetRequiredService<ExecuteErasure>().RunDueAsync(Cancel));
    }

    private Task RequestAsync(Guid person) =>
        RunAsync(
            """
            with request as (
                insert into privacy_requests (tenant_id, privacy_request_id, channel, state, language, received_date, due_date,
                    rule_version, suspended_days, identity_method, identity_time, code_attempt_count, create_time,
                    answered_late, next_alarm_time, update_time)
                values ($1, $2, 'Email', 'Acknowledged', 'Fr', current_date, current_date + 28, 'test', 0, 'Judgement', now(),
                    0, now(), false, now(), now())
            ), asked as (
                insert into privacy_request_rights (tenant_id, privacy_request_id, right_name) values ($1, $2, 'Erasure')
            )
            insert into privacy_request_subjects values ($1, $2, $3, $2, 'Contact', now(), now())
            """,
            TenantScope.Platform,
            person,
            Tenant
        );

    private KeyRing Keys => Server.GetRequiredService<KeyRing>();

    public async ValueTask DisposeAsync()
    {
        _worker?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        _folder.Dispose();
    }

    private static void Quiet(IHostApplicationBuilder builder) => builder.Logging.ClearProviders();

    private ServiceProvider ServerServices(string connection) =>
        new ServiceCollection()
            .AddSingleton<IClock>(SystemClock.Instance)
            .AddLogging(logging => logging.ClearProviders())
            .AddKalisecuDatabase(connection)
            .AddKeys(_folder["keys"], _folder["kek.key"])
            .AddObjects(_folder["objects"])
            .AddPersons()
            .AddSingleton<EvidenceLog>()
            .AddSingleton<AccessLogWriter>()
            .AddSingleton(
                new ErasureJournalFolder(_folder["journal"], Path.Combine(_folder["keys"], JournalHead.FileName))
            )
            .AddRightsOfPersons()
            .BuildServiceProvider();

    /// <summary>Something sealed, something stored, something logged, something done.</summary>
    private async Task FillAsync()
    {
        await RunAsync(
            """
            insert into tenants (tenant_id, display_name, slug, plan, language, state, create_time)
            values ($1, 'Client', 'client', 'Surveillance', 'Fr', 'Open', now())
            """,
            Tenant
        );
        for (var i = 0; i < 3; i++)
        {
            await ContactAsync($"contact-{i}@client.example");
        }

        using var document = new MemoryStream("%PDF-1.7 a document"u8.ToArray());
        await Server.GetRequiredService<ObjectFolder>().WriteAsync(Tenant, document, 1000, Cancel);
        await Server.GetRequiredService<TenantDatabase>().InTenantAsync(Tenant, db => WriteEvidenceAsync(db), Cancel);
        for (var i = 0; i < 3; i++)
        {
            await Server.GetRequiredService<AccessLogWriter>().AppendAsync(ADraft());
        }
    }

    private async Task WriteEvidenceAsync(KalisecuDb db)
    {
        var evidence = Server.GetRequiredService<EvidenceLog>();
        for (var i = 0; i < 3; i++)
        {
            await evidence.AppendAsync(
                db,
                "test.done",
                Tenant,
                "staff:test",
                new Dictionary<string, object?>(StringComparer.Ordinal) { ["number"] = i },
                Cancel
            );
        }
    }

    private AccessDraft ADraft() =>
        new(
            Tenant,
            SystemClock.Instance.GetCurrentInstant().ToMicroseconds(),
            250,
            "frontend",
            "dashboard",
            null,
            null,
            null,
            "/test",
            "",
            AccessOutcome.Allowed,
            ""
        );

    internal async Task<BackupOptions> CopyAsync()
    {
        var copy = JsonSerializer.Deserialize<BackupOptions>(JsonSerializer.Serialize(Options))!;
        var root = _folder[$"copy-{Interlocked.Increment(ref _copies)}"];
        Directory.CreateDirectory(root);
        copy.WorkFolder = Path.Combine(root, "work");
        copy.Repository.Folder = Path.Combine(root, "repository");
        copy.CopyFolder = Path.Combine(root, "copies");
        foreach (
            var (from, to) in ((string, string)[])
                [(Options.Repository.Folder, copy.Repository.Folder), (Options.CopyFolder, copy.CopyFolder)]
        )
        {
            using var copying = Process.Start("cp", ["-a", from, to]);
            await copying.WaitForExitAsync(Cancel);
        }

        await PgBackRestFile.WriteAsync(copy, Cancel);
        return copy;
    }
}
