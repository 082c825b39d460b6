using Microsoft.Extensions.DependencyInjection;

namespace Kalisecu.Letters;

internal static class LettersModule
{
    public static IServiceCollection AddLetters(this IServiceCollection services, ControllerProfile controller)
    {
        services.AddSingleton(controller);
        services.AddSingleton(controller.Holidays);
        services.AddSingleton<LetterTemplates>();
        return services;
    }
}
