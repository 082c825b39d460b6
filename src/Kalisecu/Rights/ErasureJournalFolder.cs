namespace Kalisecu.Rights;

/// <summary>Where the journal of erasures is: outside of the database and its backups, shared by all processes.</summary>
/// <param name="Path">The folder of the journal itself.</param>
/// <param name="HeadFile">
/// Where its length stands, beside the keys: a journal that lost its end does not look whole. The copies of the journal do not
/// hold it, so on another machine it is made anew.
/// </param>
internal sealed record ErasureJournalFolder(string Path, string HeadFile);
