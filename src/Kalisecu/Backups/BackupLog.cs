using Microsoft.Extensions.Logging;

namespace Kalisecu.Backups;

internal static partial class BackupLog
{
    [LoggerMessage(19001, LogLevel.Warning, "The trial of {Label} found: {Problem}")]
    public static partial void ProblemFound(ILogger log, string label, string problem);

    [LoggerMessage(19002, LogLevel.Information, "Backup {Label} taken: {Tables} tables, {Rows} rows")]
    public static partial void Taken(ILogger log, string label, int tables, long rows);

    [LoggerMessage(19003, LogLevel.Warning, "The repository cannot be prepared yet: {Problem}")]
    public static partial void NotPrepared(ILogger log, string problem);
}
