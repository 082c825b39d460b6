using Kalisecu.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.Persons;

internal static class PersonsModule
{
    public static Capability Capability { get; } = new([V1.PersonService.Descriptor], AddPersons, MapPersons);

    private static void AddPersons(IServiceCollection services)
    {
        services.AddSingleton<PersonReading>();
        services.AddSingleton<ChangePerson>();
        services.AddSingleton<PersonService>();
    }

    private static void MapPersons(IEndpointRouteBuilder routes) => routes.MapGrpcService<PersonService>();
}
