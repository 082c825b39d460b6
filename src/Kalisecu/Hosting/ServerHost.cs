using Kalisecu.Access;
using Kalisecu.AccessLog;
using Kalisecu.Agents;
using Kalisecu.Certificates;
using Kalisecu.Errors;
using Kalisecu.Tenancy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Kalisecu.Hosting;

/// <summary>
/// Everything that every server process has, around the capabilities it offers: transport, callers, access rules, refusals,
/// health and reflection.
/// </summary>
internal static class ServerHost
{
    // Four times the largest message of the contract: an occurrence batch of about 1 MB.
    public const int MaximumMessageBytes = 4 * 1024 * 1024;

    public static WebApplication Build(
        ServerSettings settings,
        IReadOnlyList<Capability> capabilities,
        Action<WebApplicationBuilder>? adjust = null
    )
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKalisecuTransport(settings);
        builder.Logging.AddKalisecuFilters();
        builder.Services.AddFoundations(settings, "kalisecu-server");
        builder.Services.AddServerParts(settings);
        builder
            .Services.AddGrpc(grpc =>
            {
                grpc.MaxReceiveMessageSize = MaximumMessageBytes;
                grpc.MaxSendMessageSize = MaximumMessageBytes;
                grpc.EnableDetailedErrors = false;
                grpc.Interceptors.Add<RefusalInterceptor>();
                grpc.Interceptors.Add<LimitInterceptor>();
                grpc.Interceptors.Add<AccessLogInterceptor>();
                grpc.Interceptors.Add<CallerInterceptor>();
            })
            .AddServiceOptions<EnrolmentService>(enrolment =>
                enrolment.MaxReceiveMessageSize = EnrolmentPort.MaximumMessageBytes
            );
        builder.Services.AddGrpcReflection();
        builder.Services.AddGrpcHealthChecks().AddCheck<DatabaseHealth>("database");
        foreach (var capability in capabilities)
        {
            capability.Register(builder.Services);
        }

        builder.Services.AddSingleton(new AccessRules(capabilities.SelectMany(c => c.Contracts)));
        adjust?.Invoke(builder);

        var app = builder.Build();
        app.UseEnrolmentPort(app.Services.GetRequiredService<AccessRules>());
        app.MapGrpcHealthChecksService();
        app.MapGrpcReflectionService();
        foreach (var capability in capabilities)
        {
            capability.Map(app);
        }

        app.Services.GetRequiredService<AccessRules>().RequireRulesFor(MappedMethods(app));
        return app;
    }

    private static void AddServerParts(this IServiceCollection services, ServerSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<Revocations>();
        services.AddSingleton<TenantReads>();
        services.AddSingleton<RefusalInterceptor>();
        services.AddSingleton<LimitInterceptor>();
        services.AddSingleton<CallerInterceptor>();
        services.AddSingleton<CallerIdentification>();
        services.AddSingleton<LiveCalls>();
        services.AddSingleton<RateLimits>();
        services.AddSingleton<PeerCertificates>();
        services.AddSingleton(provider => new ClientCertificates(
            PemFiles.ReadAuthorities(settings.Certificates.ServicesAuthority),
            PemFiles.ReadAuthorities(settings.Certificates.AgentsAuthority),
            settings.TrustDomain,
            provider.GetRequiredService<IClock>()
        ));
        services.AddHostedService<RevocationListener>();
    }

    private static IEnumerable<string> MappedMethods(WebApplication app) =>
        ((IEndpointRouteBuilder)app)
            .DataSources.SelectMany(s => s.Endpoints)
            .Select(e => e.Metadata.GetMetadata<Grpc.AspNetCore.Server.GrpcMethodMetadata>()?.Method.FullName)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal);
}
