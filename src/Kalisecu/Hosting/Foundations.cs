using Kalisecu.Compliance;
using Kalisecu.Evidence;
using Kalisecu.Keys;
using Kalisecu.Letters;
using Kalisecu.Objects;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Rights;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;
using Npgsql;

namespace Kalisecu.Hosting;

/// <summary>What servers and workers stand on alike.</summary>
internal static class Foundations
{
    public static IServiceCollection AddFoundations(
        this IServiceCollection services,
        ProcessSettings settings,
        string applicationName
    )
    {
        services.AddSingleton<IClock>(SystemClock.Instance);
        // First of all: nothing is called before its host is judged.
        services.AddResidency(settings.Residency, new NpgsqlConnectionStringBuilder(settings.Database).Host);
        services.AddKalisecuDatabase(ConnectionString(settings, applicationName));
        services.AddKeys(settings.Keys.Folder, settings.Keys.KeyEncryptionKeyFile);
        services.AddSingleton<EvidenceLog>();
        services.AddSingleton<LetterBox>();
        services.AddPersons();
        services.AddLetters(settings.Controller);
        services.AddSingleton(settings.Breaches);
        services.AddObjects(settings.Objects.Folder);
        services.AddSingleton(
            new ErasureJournalFolder(
                settings.Erasures.JournalFolder,
                Path.Combine(settings.Keys.Folder, JournalHead.FileName)
            )
        );
        return services;
    }

    /// <summary>Other makers' messages only from warnings on: they name statements and addresses.</summary>
    public static ILoggingBuilder AddKalisecuFilters(this ILoggingBuilder logging) =>
        logging
            .AddFilter("Npgsql", LogLevel.Warning)
            .AddFilter("Microsoft", LogLevel.Warning)
            // A call cancelled in the middle is no fault; what is one reaches us as an exception, and is logged as ours.
            .AddFilter("Microsoft.EntityFrameworkCore.Database.Transaction", LogLevel.Critical)
            .AddFilter("Grpc", LogLevel.Warning)
            .AddFilter("Quartz", LogLevel.Warning);

    private static string ConnectionString(ProcessSettings settings, string applicationName) =>
        new NpgsqlConnectionStringBuilder(settings.Database)
        {
            Password = File.ReadAllText(settings.DatabasePasswordFile).Trim(),
            ApplicationName = applicationName,
        }.ConnectionString;
}
