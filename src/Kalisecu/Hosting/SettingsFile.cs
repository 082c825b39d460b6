using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;

namespace Kalisecu.Hosting;

/// <summary>Reads a process's settings: a JSON file, and over it environment variables <c>KALISECU_Section__Name</c>.</summary>
internal static class SettingsFile
{
    /// <summary>Reads and checks.</summary>
    /// <exception cref="ValidationException">A value is missing or out of its range.</exception>
    public static T Read<T>(string file)
        where T : class, new()
    {
        var settings =
            new ConfigurationBuilder()
                .AddJsonFile(Path.GetFullPath(file), optional: false, reloadOnChange: false)
                .AddEnvironmentVariables("KALISECU_")
                .Build()
                .Get<T>()
            ?? new T();
        Validate(settings);
        return settings;
    }

    /// <summary>Sections are checked like the settings that hold them.</summary>
    public static void Validate(object settings)
    {
        Validator.ValidateObject(settings, new ValidationContext(settings), validateAllProperties: true);
        foreach (var property in settings.GetType().GetProperties().Where(p => p.CanWrite))
        {
            var isOurs = property.PropertyType.Assembly == typeof(SettingsFile).Assembly;
            if (isOurs && property.PropertyType.IsClass && property.GetValue(settings) is { } section)
            {
                Validate(section);
            }
        }
    }
}
