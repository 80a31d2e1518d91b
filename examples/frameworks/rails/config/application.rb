require "rails"
require "active_record/railtie"

class Application < Rails::Application
  # The image is not written to: its content is what its digest says.
  config.active_record.dump_schema_after_migration = false
  config.logger = Logger.new($stderr)
  config.log_level = :warn
  config.eager_load = false
end
