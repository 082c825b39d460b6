using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Kalisecu.Certificates;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using Npgsql;

namespace Kalisecu.Benchmarks;

/// <summary>What the measuring process needs to know of the server.</summary>
/// <param name="Few">A person with few rows: what is compiled and allocated once is there before anything is measured.</param>
/// <param name="Copy">The rows of the person with many, as psql copies them.</param>
internal sealed record AccessExportTargets(
    Uri Address,
    string Authority,
    string Certificate,
    string Key,
    IReadOnlyDictionary<string, string> Headers,
    IReadOnlyDictionary<string, string> Psql,
    string TenantId,
    ExportSubject Many,
    ExportSubject Few,
    string Copy
);

/// <summary>Somebody who asked for access, and the request.</summary>
internal sealed record ExportSubject(string PersonId, string RequestId);

/// <summary>
/// A server over one member with very many entries in the access log, the one table in which a person leaves rows without end:
/// spread over ten months, beside a tenth as many of others.
/// </summary>
internal static class AccessExportServer
{
    private const int Few = 1_000;

    private const string Months = """
        select kalisecu_ensure_access_partition(m::date)
        from generate_series(now() - interval '10 months', now() + interval '1 month', interval '1 month') m
        """;

    // As a process writes them, one chain; the hashes link nothing, for nobody verifies them here.
    private const string Entries = """
        insert into access_entries (tenant_id, entry_time, writer_id, sequence, access_time, duration_micros, caller_kind,
            caller_name, person_id, role, session_id, method, objects, outcome, reason, previous_hash, hash)
        select $1, e.t, $3, e.n, e.t - interval '3 milliseconds', 2500, 'frontend', 'dashboard', $2, 'member_owner', $4,
            '/kalisecu.findings.v1.FindingService/GetFinding', 'finding:' || gen_random_uuid(), 'Allowed', '',
            sha256(int8send(e.n - 1)), sha256(int8send(e.n))
        from (
            select n, now() - interval '300 days' + n * (interval '299 days' / $5) as t from generate_series(1, $5) n
        ) e
        """;

    // What an export holds of an entry, in its order; hashes are no data of the person.
    private const string Columns =
        "access_time, caller_kind, caller_name, duration_micros, entry_time, method, objects, outcome, person_id, reason, role, "
        + "sequence, session_id, writer_id";

    public static async Task RunAsync(string folder, CancellationToken cancellationToken)
    {
        var test = new TestServer { Database = new TestDatabase { IsDurable = true } };
        await using var ended = test;
        await test.InitializeAsync();
        // The number comes beside the folder, which is this process's only argument.
        var rows = int.Parse(
            await File.ReadAllTextAsync(Path.Combine(folder, "rows"), cancellationToken),
            CultureInfo.InvariantCulture
        );
        await using var superuser = NpgsqlDataSource.Create(test.Database.Superuser + ";Command Timeout=0");
        await RunAsync(superuser, Months, cancellationToken);
        var tenant = await test.Given.TenantAsync();
        var many = await SubjectAsync(test, superuser, tenant, rows, cancellationToken);
        var few = await SubjectAsync(test, superuser, tenant, Few, cancellationToken);
        await SubjectAsync(test, superuser, tenant, Math.Max(1, rows / 10), cancellationToken);
        await RunAsync(superuser, "vacuum (analyze) access_entries", cancellationToken);
        await RunAsync(superuser, "checkpoint", cancellationToken);

        var (certificate, key) = TestAuthorities.Save(
            test.Authorities.Issue(SpiffeKind.Frontend, "dashboard"),
            folder,
            "frontend"
        );
        var authority = Path.Combine(folder, "services-ca.crt");
        test.Authorities.Services.Save(authority, Path.Combine(folder, "services-ca.key"));
        var session = await test.Given.SignedInAsync(Role.StaffDpo, tenant);
        var targets = new AccessExportTargets(
            test.Address,
            authority,
            certificate,
            key,
            session.ToDictionary(h => h.Key, h => h.Value, StringComparer.Ordinal),
            Psql.EnvironmentOf(test.Database.Server),
            tenant.ToString("D"),
            many,
            few,
            $"copy (select {Columns} from access_entries where person_id = '{many.PersonId}' and tenant_id = '{tenant:D}' order by entry_time) to stdout"
        );
        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(targets));

        // Until the measuring process closes our input.
        await Console.In.ReadToEndAsync(cancellationToken);
    }

    /// <summary>A member with so many entries, and a request for access whose identity is known.</summary>
    private static async Task<ExportSubject> SubjectAsync(
        TestServer test,
        NpgsqlDataSource superuser,
        Guid tenant,
        int rows,
        CancellationToken cancellationToken
    )
    {
        var (request, writer, session) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var person = await test.Given.PersonAsync(tenant, PersonKind.Member, $"{request:N}@client.example");
        await RunAsync(superuser, Entries, cancellationToken, tenant, person, writer, session, rows);
        await RunAsync(
            superuser,
            """
            insert into privacy_requests (tenant_id, privacy_request_id, channel, state, language, received_date, due_date,
                rule_version, suspended_days, identity_method, identity_time, code_attempt_count, create_time, answered_late,
                next_alarm_time, update_time)
            values ($1, $2, 'Email', 'Acknowledged', 'Fr', current_date, current_date + 30, 'bench', 0, 'Judgement', now(), 0,
                now(), false, now() + interval '20 days', now())
            """,
            cancellationToken,
            TenantScope.Platform,
            request
        );
        await RunAsync(
            superuser,
            "insert into privacy_request_rights (tenant_id, privacy_request_id, right_name) values ($1, $2, 'Access')",
            cancellationToken,
            TenantScope.Platform,
            request
        );
        await RunAsync(
            superuser,
            """
            insert into privacy_request_subjects (tenant_id, privacy_request_id, person_tenant_id, person_id, person_kind,
                add_time, identity_time)
            values ($1, $2, $3, $4, 'Member', now(), now())
            """,
            cancellationToken,
            TenantScope.Platform,
            request,
            tenant,
            person
        );
        return new ExportSubject(person.ToString("D"), request.ToString("D"));
    }

    [SuppressMessage("Security", "CA2100", Justification = "Statements of this class")]
    private static async Task RunAsync(
        NpgsqlDataSource superuser,
        string sql,
        CancellationToken cancellationToken,
        params object[] values
    )
    {
        await using var command = superuser.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
