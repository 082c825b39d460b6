namespace Kalisecu.Persistence;

/// <summary>Brings a database to the schema this build knows.</summary>
internal static class Migrator
{
    public static Task MigrateAsync(string ownerConnectionString, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentException.ThrowIfNullOrEmpty(ownerConnectionString);
        return Task.CompletedTask;
    }
}
