using Kalisecu.Accounts;
using Kalisecu.Persons;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Kalisecu.Hosting;

/// <summary>Persons and all stores about them, for every process that answers for them: servers and workers alike.</summary>
internal static class PersonHosting
{
    /// <summary>Finds the stores by their interface: a capability has one by writing one, and no process lacks it.</summary>
    public static IServiceCollection AddPersons(this IServiceCollection services)
    {
        services.AddSingleton<PersonDirectory>();
        services.AddSingleton<PersonStores>();
        services.AddSingleton<StoreDescriptions>();
        services.TryAddSingleton<PersonSessions>();
        services.TryAddSingleton<StaffAccountProto>();
        foreach (var one in (Type[])[typeof(IPersonStore), typeof(IPersonIdentities)])
        {
            services.TryAddEnumerable(
                typeof(IPersonStore)
                    .Assembly.GetTypes()
                    .Where(t => t is { IsAbstract: false, IsClass: true } && t.IsAssignableTo(one))
                    .Select(t => ServiceDescriptor.Singleton(one, t))
            );
        }

        return services;
    }
}
