class AddSeenAt < ActiveRecord::Migration[8.0]
  def change
    add_column :visits, :seen_at, :datetime
  end
end
