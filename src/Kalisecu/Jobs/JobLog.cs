using Microsoft.Extensions.Logging;

namespace Kalisecu.Jobs;

internal static partial class JobLog
{
    [LoggerMessage(15001, LogLevel.Information, "Serving {Jobs} jobs as {Host} of {Worker}")]
    public static partial void Serving(ILogger log, int jobs, string host, string worker);

    [LoggerMessage(15002, LogLevel.Information, "Run {RunId} of {Job} ended: {State}")]
    public static partial void Ended(ILogger log, Guid runId, string job, JobRunState state);

    [LoggerMessage(15003, LogLevel.Error, "Run {RunId} of {Job} failed")]
    public static partial void Failed(ILogger log, Exception exception, Guid runId, string job);

    [LoggerMessage(15004, LogLevel.Warning, "Run {RunId} of {Job} takes the place of one whose process died")]
    public static partial void TakenOver(ILogger log, Guid runId, string job);

    [LoggerMessage(15005, LogLevel.Information, "{Job} was run already for {SlotTime}: nothing to do")]
    public static partial void DoneBefore(ILogger log, string job, string slotTime);

    [LoggerMessage(15006, LogLevel.Warning, "Not hearing requests for jobs just now: {Problem}")]
    public static partial void ListenerLost(ILogger log, string problem);

    [LoggerMessage(15007, LogLevel.Warning, "Run {RunId} of {Job} lost its hold in the database and was stopped")]
    public static partial void HoldLost(ILogger log, Guid runId, string job);

    [LoggerMessage(15008, LogLevel.Warning, "The end of run {RunId} of {Job} could not be recorded yet: {Problem}")]
    public static partial void NotRecorded(ILogger log, Guid runId, string job, string problem);

    [LoggerMessage(15009, LogLevel.Error, "Run {RunId} of {Job} failed: {Problem}")]
    public static partial void FoundWanting(ILogger log, Guid runId, string job, string problem);
}
