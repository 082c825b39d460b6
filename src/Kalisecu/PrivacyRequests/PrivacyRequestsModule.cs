using Kalisecu.Access;
using Kalisecu.Compliance;
using Kalisecu.Hosting;
using Kalisecu.Jobs;
using Kalisecu.Tenancy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Kalisecu.PrivacyRequests;

internal static class PrivacyRequestsModule
{
    public static Capability Capability { get; } =
        new([V1.PrivacyRequestService.Descriptor], AddPrivacyRequests, MapPrivacyRequests);

    /// <summary>The clock of requests, for the delivery worker.</summary>
    public static WorkerJobs Jobs { get; } =
        new(
            services => services.AddRequestRecords(),
            WorkerJob.Of<RemindOfRequests>(
                new JobDefinition(
                    "remind-of-privacy-requests",
                    "Reminds of privacy requests before they are due, and alarms when one is late",
                    Schedule.EveryMinutes(5),
                    Duration.FromMinutes(30)
                )
            )
        );

    /// <summary>What every process needs that works on requests: the server, and the workers of clocks and erasures.</summary>
    public static IServiceCollection AddRequestRecords(this IServiceCollection services)
    {
        services.AddSingleton<RequestLetters>();
        services.AddSingleton<RequestRecords>();
        return services;
    }

    private static void AddPrivacyRequests(IServiceCollection services)
    {
        services.AddRequestRecords();
        services.AddSingleton<RequestPersons>();
        services.AddSingleton<CheckIdentity>();
        services.AddSingleton<ReceivePrivacyRequest>();
        services.AddSingleton<AnswerPrivacyRequest>();
        services.AddSingleton<RequestOriginals>();
        services.AddSingleton<RequestVerbs>();
        services.AddSingleton<RequestLists>();
        services.AddSingleton<PrivacyRequestService>();
        services.AddClauseCheck<AnswerTimeCheck>();
        AddRightCheck(services, Right.Access, "RIGHT-1");
        AddRightCheck(services, Right.Rectification, "RIGHT-2");
        AddRightCheck(services, Right.Erasure, "RIGHT-3");
        AddRightCheck(services, Right.Restriction, "RIGHT-4");
        AddRightCheck(services, Right.Portability, "RIGHT-5");
        AddRightCheck(services, Right.Objection, "RIGHT-6");
    }

    private static void AddRightCheck(IServiceCollection services, Right right, string clauseId) =>
        services.AddSingleton<IClauseCheck>(provider => new RightCheck(
            right,
            clauseId,
            provider.GetRequiredService<AllTenants>(),
            provider.GetRequiredService<AccessRules>()
        ));

    private static void MapPrivacyRequests(IEndpointRouteBuilder routes) =>
        routes.MapGrpcService<PrivacyRequestService>();
}
