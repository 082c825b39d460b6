using System.Buffers.Binary;
using System.Text.Json;
using Google.Protobuf;
using Grpc.AspNetCore.HealthChecks;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Health.V1;
using Kalisecu.AccessLog;
using Kalisecu.Certificates;
using Kalisecu.Findings.V1;
using Kalisecu.Hosting;
using Kalisecu.Server;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kalisecu.Benchmarks;

/// <summary>What the measuring process needs to know of the servers.</summary>
internal sealed record UnaryTargets(string Certificate, string Key, IReadOnlyList<Load> Loads);

/// <summary>
/// The servers under load, in a process of their own: one as it is, and one without the access log, which only this host can
/// make: nothing in the server itself leaves an entry out. Their health answer is kept in memory here, so that it is the
/// empty RPC which everything else is compared to: transport, callers, rules and limits, and nothing behind them.
/// </summary>
internal static class UnaryServers
{
    public static async Task RunAsync(string folder, CancellationToken cancellationToken)
    {
        var test = new TestServer { Database = new TestDatabase { IsDurable = true } };
        await using var ended = test;
        await test.InitializeAsync();
        await using var logged = await StartAsync(test, withAccessLog: true);
        await using var unlogged = await StartAsync(test, withAccessLog: false);

        var given = new Given(test);
        var tenant = await given.TenantAsync();
        var finding = await FindingAsync(given, tenant, await given.SiteAsync(tenant));
        var session = await given.SignedInAsync(Role.MemberReader, tenant);
        var request = new GetFindingRequest { FindingId = finding.ToString() };
        await ProveAsync(test, logged, request, session);

        var headers = session.ToDictionary(h => h.Key, h => h.Value, StringComparer.Ordinal);
        var get = await BodyAsync(folder, "get", request);
        var check = await BodyAsync(folder, "check", new HealthCheckRequest());
        const string path = "/kalisecu.findings.v1.FindingService/GetFinding";
        var (certificate, key) = TestAuthorities.Save(
            test.Authorities.Issue(SpiffeKind.Frontend, "dashboard"),
            folder,
            "frontend"
        );
        var targets = new UnaryTargets(
            certificate,
            key,
            [
                new Load("empty", Address(logged) + "/grpc.health.v1.Health/Check", check, headers),
                new Load("read", Address(unlogged) + path, get, headers),
                new Load("read, logged", Address(logged) + path, get, headers),
            ]
        );
        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(targets));

        // Until the measuring process closes our input.
        await Console.In.ReadToEndAsync(cancellationToken);
    }

    private static async Task<WebApplication> StartAsync(TestServer test, bool withAccessLog)
    {
        var app = ServerHost.Build(
            test.Settings,
            Capabilities.All,
            builder =>
            {
                builder.Logging.ClearProviders();
                builder.Services.PostConfigure<GrpcHealthChecksOptions>(o => o.UseHealthChecksCache = true);
                builder.Services.Configure<Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckPublisherOptions>(
                    o => o.Delay = TimeSpan.Zero
                );
                if (!withAccessLog)
                {
                    builder.Services.PostConfigure<GrpcServiceOptions>(LeaveAccessLogOut);
                }
            }
        );
        await app.StartAsync();
        return app;
    }

    private static void LeaveAccessLogOut(GrpcServiceOptions options) =>
        options.Interceptors.Remove(options.Interceptors.Single(i => i.Type == typeof(AccessLogInterceptor)));

    private static async Task<Guid> FindingAsync(Given given, Guid tenant, Guid site)
    {
        var finding = Guid.CreateVersion7();
        await given.RunAsync(
            """
            insert into findings (tenant_id, finding_id, site_id, check_name, severity, state, title, description, cwe_numbers,
                reference_urls, open_occurrence_count, open_time)
            values ($1, $2, $3, 'zap:10038', 3, 'Open', 'Content Security Policy (CSP) Header Not Set', $4, '{693}',
                '{https://developer.mozilla.org/en-US/docs/Web/Security/CSP}', 1, now())
            """,
            tenant,
            finding,
            site,
            new string('d', 200)
        );
        return finding;
    }

    // A load that is refused is fast: each call is seen to work before it is measured.
    private static async Task ProveAsync(
        TestServer test,
        WebApplication server,
        GetFindingRequest request,
        Metadata session
    )
    {
        using var channel = test.Connect(
            test.Authorities.Issue(SpiffeKind.Frontend, "dashboard"),
            new Uri(Address(server).Replace("127.0.0.1", "localhost", StringComparison.Ordinal))
        );
        await new FindingService.FindingServiceClient(channel).GetFindingAsync(request, session);
        var health = new Health.HealthClient(channel);
        for (var tries = 0; ; tries++)
        {
            var answer = await health.CheckAsync(new HealthCheckRequest());
            if (answer.Status is HealthCheckResponse.Types.ServingStatus.Serving || tries == 50)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
    }

    private static string Address(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>A gRPC message in a file: not compressed, its length, its bytes.</summary>
    private static async Task<string> BodyAsync(string folder, string name, IMessage message)
    {
        var bytes = new byte[5 + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), bytes.Length - 5);
        message.WriteTo(bytes.AsSpan(5));
        var file = Path.Combine(folder, name + ".grpc");
        await File.WriteAllBytesAsync(file, bytes);
        return file;
    }
}
